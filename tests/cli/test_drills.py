import json
from pathlib import Path

from typer.testing import CliRunner

from interviewer.cli.drills import app

EXPECTED = json.loads((Path(__file__).parent.parent / "drills/bullets.json").read_text(encoding="utf-8"))
MARKDOWN = Path(__file__).parent.parent / "drills/storefront.md"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_json_of_the_shipped_document() -> None:
    printed = json.loads(run("--json"))
    assert list(printed) == ["scenarios", "bullets", "preamble"]
    assert printed["bullets"] == EXPECTED["bullets"]
    assert {str(one["number"]): one["title"] for one in printed["scenarios"]} == EXPECTED["titles"]
    assert {str(one["number"]): one["prompt"] for one in printed["scenarios"]} == EXPECTED["prompts"]
    assert sum(len(one["follow_ups"]) for one in printed["scenarios"]) == 19


def test_sections_are_bullet_ids_by_heading() -> None:
    first = json.loads(run("--json"))["scenarios"][0]
    expected: dict[str, list[str]] = {}
    for bullet in EXPECTED["bullets"]:
        if bullet["scenario"] == 1:
            expected.setdefault(bullet["section"], []).append(bullet["id"])
    assert first["sections"] == expected
    assert first["follow_ups"][1] == "What would you log without leaking PII?"


def test_json_of_another_document() -> None:
    printed = json.loads(run("--file", str(MARKDOWN), "--json"))
    assert [one["number"] for one in printed["scenarios"]] == [1, 7]
    assert printed["preamble"]["answer_steps"][0] == "Say what is broken for whom."


def test_people_see_a_table_without_control_characters(tmp_path: Path) -> None:
    assert "12 scenarios, 257 bullets, 19 of them follow-up questions." in run()
    hostile = tmp_path / "drills.md"
    hostile.write_text("## Scenario 1: \x1b[31mred [bold]\nIt broke.\n### Root Causes\n- x\n", encoding="utf-8")
    shown = run("--file", str(hostile))
    assert "\x1b" not in shown
    assert "[bold]" in shown
