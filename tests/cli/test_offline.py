"""Without a key nothing leaves the machine: a whole interview, its grading and a batch look up no host name."""

import json
import subprocess
import sys
from pathlib import Path

from tests.grading.judged import GOLD
from tests.watch import Watch

ANSWERS = """I would compare the logged features with the ones of the training job.
/hint
Roll back to the previous feature view, then a parity test in CI.
/finish
4
4
3
3
4
3
3
"""


def run(watch: Watch, folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**watch.environment, "INTERVIEWER_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "interviewer", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", env=environment, check=False)


def test_a_whole_offline_interview_looks_up_no_host_name(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "watch")
    done = run(watch, tmp_path, "talk", "features differ between training and serving", stdin=ANSWERS)
    assert done.returncode == 0, done.stderr
    assert "Practice report" in done.stdout
    (session,) = json.loads(run(watch, tmp_path, "history", "--json").stdout)["sessions"]
    assert (session["scenario"], session["status"], session["graded"]) == (9, "done", True)
    graded = run(watch, tmp_path, "grade", str(GOLD / "dev" / "dev-s09-a.json"), "--out", str(tmp_path / "out"))
    assert graded.returncode == 0, graded.stderr
    assert watch.processes >= 4  # the commands, and the child that fills and checks the index
    assert watch.lookups == []


def test_the_watch_sees_a_lookup(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "watch")
    code = "import socket\ntry: socket.getaddrinfo('name.invalid', 80)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", code], env=watch.environment, check=True)
    assert watch.lookups == ["socket.getaddrinfo name.invalid"]
