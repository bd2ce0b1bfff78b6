"""`interviewer grade` as a person runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.world import ROOT
from tests.grading.judged import GOLD


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "INTERVIEWER_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "interviewer", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, encoding="utf-8", env=environment, cwd=folder, check=False
    )


def test_a_folder_with_a_broken_file(tmp_path: Path) -> None:
    talks = tmp_path / "talks"
    talks.mkdir()
    shutil.copy(GOLD / "dev" / "dev-s09-a.json", talks)
    (talks / "broken.vtt").write_text("no captions")
    done = run(tmp_path, "grade", "talks", "--out", "reports", "--level", "staff")
    assert done.returncode == 1
    assert "error: talks/broken.vtt: is not WebVTT" in done.stderr
    assert "dev-s09-a  scenario 9  overall" in done.stdout
    assert "[interviewer: interviewer, candidate: candidate]" in done.stdout
    assert "1 graded, 1 not." in done.stdout
    card = json.loads((tmp_path / "reports" / "dev-s09-a.json").read_text(encoding="utf-8"))
    assert card["grade"] == "staff"
    assert {path.name for path in (tmp_path / "reports").iterdir()} == {
        "dev-s09-a.json",
        "dev-s09-a.md",
        "dev-s09-a.html",
        "summary.csv",
        "index.html",
    }


def test_json_says_what_was_graded_and_what_not(tmp_path: Path) -> None:
    talk = json.loads((GOLD / "dev" / "dev-s09-a.json").read_text(encoding="utf-8"))
    del talk["scenario"]
    (tmp_path / "a.json").write_text(json.dumps(talk), encoding="utf-8")
    done = run(tmp_path, "grade", "a.json", "none.json", "--out", "reports", "--json")
    assert done.returncode == 1
    body = json.loads(done.stdout)
    assert [(one["scenario"], one["warnings"]) for one in body["graded"]] == [
        (9, ["Scenario 9 was told from the interviewer's words."])
    ]
    assert [one["path"] for one in body["failed"]] == ["none.json"]


def test_a_transcript_that_fits_no_scenario_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Interviewer: How was your holiday?\nCandidate: Sunny, thank you very much indeed.\n"
    )
    done = run(tmp_path, "grade", "a.txt", "--out", "reports")
    assert done.returncode == 1
    assert "Give --scenario N" in done.stderr
    done = run(tmp_path, "grade", "a.txt", "--out", "reports", "--scenario", "3")
    assert done.returncode == 0, done.stderr
    assert "scenario 3" in done.stdout
