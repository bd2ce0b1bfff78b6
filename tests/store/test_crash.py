"""Killed without warning: what was acknowledged is there, and the interview goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from interviewer.interview.session import Session
from interviewer.store import open_store
from tests.interview.stage import SAID, drawn, small_cast

ROOT = Path(__file__).parents[2]
ID = "0" * 32
# Plays an interview, says on stdout what is on disk, and kills itself where it is told to.
CHILD = """
import os, signal, sys
from pathlib import Path
from interviewer.interview.session import Session
from interviewer.store import open_store
from tests.interview.stage import SAID, STRONG, drawn, small_cast

folder, turns, where = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
session = Session.start("0" * 32, small_cast(log=open_store(folder)))
drawn(session.reply())
for turn in range(turns):
    drawn(session.answer(STRONG if turn == 0 else SAID, f"k{turn}"))
    print(f"k{turn}", flush=True)
pieces = session.answer(SAID, "last") if where != "between" else iter(())
if where != "between":
    print("last", flush=True)
if where == "mid-stream":
    next(pieces)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path, turns: int, where: str) -> list[str]:
    """Keys that the child said were on disk before it was killed."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(turns), where],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("turns", "where"), [(0, "before-reply"), (2, "between"), (2, "before-reply"), (2, "mid-stream")]
)
def test_a_killed_interview_goes_on(tmp_path: Path, turns: int, where: str) -> None:
    kept = killed(tmp_path, turns, where)
    store = open_store(tmp_path)
    assert store.notices == ()
    session = Session.resume(ID, small_cast(log=store))
    keys = [event.key for event in store.read(ID) if event.kind == "candidate_said"]
    assert keys == kept
    assert session.state.pending == (where != "between")
    assert bool(drawn(session.reply())) == (where != "between")
    drawn(session.answer(SAID, "after"))
    roles = [turn.role for turn in session.state.transcript.turns]
    assert roles == ["interviewer", "candidate"] * (len(kept) + 1) + ["interviewer"]
    store.close()
