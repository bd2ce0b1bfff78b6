"""`interviewer doctor` in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.world import ROOT
from tests.watch import Watch
from tests.wire.objects import answer_objects
from tests.wire.server import loopback, method_of

UNSET = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "INTERVIEWER_API_KEY", "INTERVIEWER_BASE_URL")


def doctor(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    environment = {**kept, "PYTHONPATH": str(ROOT), "INTERVIEWER_DATA_DIR": str(folder / "data"), **variables}
    command = [sys.executable, "-m", "interviewer", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, cwd=folder, check=False)


def answer(request: dict[str, Any]) -> str:
    return answer_objects(request) if method_of(request) else "I am here."


def test_offline_nothing_is_asked_of_anybody(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "watch")
    watched = {name: watch.environment[name] for name in ("PYTHONPATH", "WATCH_LOG")}
    done = doctor(tmp_path, **watched)
    assert done.returncode == 0, done.stderr
    assert "offline" in done.stdout
    assert "embedded" in done.stdout
    assert watch.processes == 1
    assert watch.lookups == []


def test_a_model_that_is_fine_and_one_that_cuts(tmp_path: Path) -> None:
    with loopback(answer) as server:
        at = {"INTERVIEWER_BASE_URL": server.url, "INTERVIEWER_MODEL": "openai:stub", "OPENAI_API_KEY": "sk-of-mine-1"}
        fine = doctor(tmp_path, "--json", "--window", "2000", **at)
        assert fine.returncode == 0, fine.stdout + fine.stderr
        found = json.loads(fine.stdout)
        assert found["ok"] is True
        assert {row["mark"] for row in found["checks"]} == {"ok"}
        assert json.loads((tmp_path / "data/methods.json").read_text(encoding="utf-8")) != {}
        server.window = 1024
        cut = doctor(tmp_path, "--window", "2000", **at, HTTP_PROXY="http://127.0.0.1:9")
        assert cut.returncode == 1
        assert "silently at about 1,024 tokens" in cut.stdout
        assert "OLLAMA_CONTEXT_LENGTH" in cut.stdout
        assert "of-mine" not in fine.stdout + cut.stdout
        assert cut.stderr == ""


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"INTERVIEWER_BASE_URL": "http://models.example/v1"}, "unencrypted"),
        ({"INTERVIEWER_BASE_URL": "localhost:1"}, "no web address"),
        ({"INTERVIEWER_BASE_URL": "http://127.0.0.1:9/v1"}, "cannot be reached"),
    ],
)
def test_what_is_amiss_is_a_row_and_exit_code_1(tmp_path: Path, variables: dict[str, str], told: str) -> None:
    done = doctor(tmp_path, **variables)
    assert done.returncode == 1
    assert told in done.stdout
    assert "Traceback" not in done.stderr
