"""`interviewer rubric`: exit codes, JSON and pages."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer.cli.rubric import app
from interviewer.errors import NotFoundError
from interviewer.shipped import shipped_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for path in shipped_path("rubrics").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_clean_rubrics_are_counted() -> None:
    assert "no faults. 238 criteria for 12 scenarios and 15 shared ones" in run("lint")


def test_faults_are_all_told_and_fail(copied: Path) -> None:
    (copied / "s11.yaml").unlink()
    path = copied / "s03.yaml"
    path.write_text(path.read_text("utf-8").replace("competency: framing", "competency: charm", 1), encoding="utf-8")
    told = run("lint", "--folder", str(copied), code=1)
    assert f"{path}: criteria[0].competency: (s03.cover.1) “charm” is not a competency." in told
    assert "s11.yaml: the file is missing" in told
    assert told.endswith("2 faults in 2 files.\n")


def test_faults_as_json(copied: Path) -> None:
    (copied / "shared.yaml").write_text("schema_version: [", encoding="utf-8")
    body = json.loads(run("lint", "--folder", str(copied), "--json", code=1))
    assert not body["clean"]
    [fault] = body["faults"]
    assert fault["kind"] == "unreadable"
    assert fault["file"] == str(copied / "shared.yaml")
    assert set(fault) == {"kind", "file", "field", "bullet", "what", "next_step"}


def test_a_scenario_is_shown_with_probes_and_anchors() -> None:
    page = run("show", "9")
    for part in ("Scenario 9:", "s09@1+shared@1", "Framing the problem", "s09.cover.1", "probe", "5  "):
        assert part in page
    assert "counts" not in page
    assert "counts" in run("show", "9", "--phrasings")


def test_what_is_shared_is_shown() -> None:
    page = run("show", "shared")
    for part in ("shared.step.1", "shared.senior.5", "level 5 from 55%", "expected in", "staff"):
        assert part in page


def test_shown_as_json() -> None:
    body = json.loads(run("show", "9", "--json"))
    assert body["scenario"]["scenario"] == 9
    assert len(json.loads(run("show", "shared", "--json"))["criteria"]) == 15


@pytest.mark.parametrize("which", ["99", "0", "nine", "-1.5"])
def test_an_unknown_scenario_is_named(which: str) -> None:
    with pytest.raises(NotFoundError, match="1, 2, 3"):
        run("show", "--", which)


def test_controls_do_not_reach_the_terminal(copied: Path) -> None:
    path = copied / "s09.yaml"
    text = path.read_text("utf-8").replace("probe: ", 'probe: "\\e]0;owned\\a" #', 1)
    path.write_text(text, encoding="utf-8")
    assert "\x1b" not in run("show", "9", "--folder", str(copied))
    bad = copied / "s08.yaml"
    bad.write_text('"\\e[31m": 1\n' + bad.read_text("utf-8"), encoding="utf-8")
    assert "\x1b" not in run("lint", "--folder", str(copied), code=1)
