"""`interviewer grade`, `agreement` and `history grade` with a model behind an endpoint, over real TCP."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_agreement import copy_gold
from tests.cli.world import ROOT, World
from tests.grading.honest import answer, finding
from tests.grading.judged import GOLD
from tests.interview.stage import STRONG
from tests.wire.server import LoopbackModel, Request, loopback

CALLS = 7
PRICES = {"INTERVIEWER_PRICE_PROMPT": "2", "INTERVIEWER_PRICE_COMPLETION": "8"}


def not_met(request: Request) -> str:
    """Each criterion that is offered is not met; a question about the form itself gets what it wants."""
    form = (request.get("response_format") or {}).get("json_schema") or {}
    fields: dict[str, Any] = (form.get("schema") or {}).get("$defs", {}).get("Finding", {}).get("properties", {})
    if not fields:
        return '{"ready": true}'
    criterion = fields["criterion"]
    return answer([finding(name) for name in criterion.get("enum") or [criterion["const"]]])


def environment(model: LoopbackModel, folder: Path, **more: str) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), "INTERVIEWER_DATA_DIR": str(folder / "data"), "INTERVIEWER_BASE_URL": model.url}
    return {**os.environ, **own, "INTERVIEWER_MODEL": "openai:stub", **more}


def run(model: LoopbackModel, folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "interviewer", *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment(model, folder, **more), cwd=folder, check=False
    )


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    for name in ("dev-s09-a", "dev-s02-a"):
        shutil.copy(GOLD / "dev" / f"{name}.json", folder)
    return folder


def test_grade_tells_the_cost_before_and_after(talks: Path, tmp_path: Path) -> None:
    with loopback(not_met) as model:
        done = run(model, tmp_path, "grade", "talks", "--out", "out", "--engine", "llm", "--concurrency", "3", **PRICES)
    assert done.returncode == 0, done.stderr
    assert f"Estimate: {2 * CALLS} calls, " in done.stderr
    assert f"Used: {2 * CALLS} calls, " in done.stderr
    assert done.stderr.count(" USD") == 2
    card = json.loads((tmp_path / "out" / "dev-s09-a.json").read_text(encoding="utf-8"))
    assert card["provenance"]["judge"].endswith("+judge@1")
    assert card["provenance"]["tokens"] > 0
    assert card["met"] == 0


def test_limits_stop_cleanly(talks: Path, tmp_path: Path) -> None:
    with loopback(not_met) as model:
        done = run(model, tmp_path, "grade", "talks", "--out", "out", "--max-calls", str(CALLS), "--concurrency", "1")
        assert done.returncode == 1
        assert "dev-s02-a  scenario 2" in done.stdout
        assert "error: talks/dev-s09-a.json: The limit of 7 calls is reached. Raise --max-calls" in done.stderr
        assert "1 graded, 1 not." in done.stdout
        asked = len(model.requests)
        done = run(model, tmp_path, "grade", "talks", "--out", "out", "--max-cost", "1")
        assert done.returncode == 2
        assert "price_prompt and price_completion" in done.stderr
        done = run(model, tmp_path, "grade", "talks", "--out", "out", "--max-cost", "0.000001", **PRICES)
        assert done.returncode == 1
        assert "Raise --max-cost" in done.stderr
        assert len(model.requests) == asked


def test_a_wrong_key_is_told_once_per_transcript_and_asked_about_once(talks: Path, tmp_path: Path) -> None:
    with loopback(not_met, ["401"]) as model:
        done = run(model, tmp_path, "grade", "talks", "--out", "out", "--concurrency", "1")
    assert done.returncode == 1
    assert "0 graded, 2 not." in done.stdout
    assert "sk-secret-key" not in done.stdout + done.stderr
    assert len(model.requests) <= CALLS


def test_without_a_model_nothing_is_asked(talks: Path, tmp_path: Path) -> None:
    with loopback(not_met) as model:
        done = run(model, tmp_path, "grade", "talks/dev-s09-a.json", "--out", "out", "--engine", "offline")
        assert done.returncode == 0, done.stderr
        assert model.requests == []
    assert "Estimate" not in done.stderr


def test_agreement_of_a_model(tmp_path: Path) -> None:
    gold = copy_gold(tmp_path, "dev-s02-a", "dev-s09-a")
    with loopback(not_met) as model:
        done = run(
            model, tmp_path, "agreement", "--gold", str(gold), "--engine", "llm", "--limit", "1", "--no-baselines",
            "--rounds", "0", "--json",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["transcripts"], figures["judge"].rpartition("+")[2]) == (1, "judge@1")
    assert f"Used: {CALLS} calls" in done.stderr


def test_a_kept_interview_is_judged_again_and_a_failing_model_leaves_the_report(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.run("talk", "1", stdin=f"{STRONG}\n/finish\n/skip\n")
    (session,) = world.sessions()
    name = str(session["id"])
    done = world.run("history", "grade", name[:8], "--engine", "offline", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["provenance"]["judge"].startswith("embedded@")

    def again(model: LoopbackModel) -> subprocess.CompletedProcess[str]:
        more = {"INTERVIEWER_BASE_URL": model.url, "INTERVIEWER_MODEL": "openai:stub"}
        command = [sys.executable, "-m", "interviewer", "history", "grade", name, "--engine", "llm", "--json"]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", env=world.environment | more, cwd=tmp_path, check=False
        )

    def kept() -> str:
        shown = json.loads(world.run("history", "show", name, "--json").stdout)
        return str(shown["scorecard"]["provenance"]["judge"])

    with loopback(not_met, ["401"]) as model:
        assert again(model).returncode == 69
    assert kept().startswith("embedded@")
    with loopback(not_met) as model:
        assert again(model).returncode == 0
    assert kept().endswith("+judge@1")
