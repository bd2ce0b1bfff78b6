"""`interviewer eval lint`: exit codes, text and JSON."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from interviewer.cli.eval import app
from interviewer.shipped import shipped_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["lint", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_clean_set_is_counted() -> None:
    told = run()
    assert "no faults. 441 queries (" in told
    assert "30 queries in the smoke set" in told
    assert json.loads(run("--json"))["clean"]


def test_faults_are_told_and_fail(tmp_path: Path) -> None:
    folder = tmp_path / "rag"
    shutil.copytree(shipped_path("evals/rag"), folder)
    with (folder / "smoke.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"query": "nobody"}\n')
    told = run("--folder", str(folder), code=1)
    assert f"{folder / 'smoke.jsonl'}:31:query: there is no query “nobody”." in told
    assert told.endswith("\n2 faults.\n")
    body = json.loads(run("--folder", str(folder), "--json", code=1))
    assert {fault["kind"] for fault in body["faults"]} == {"unknown_query", "smoke_spread"}
