"""`find` and `index` as processes of their own, on a small corpus, one data folder from test to test."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from interviewer.index.versions import Versions
from tests.index.small import DOCUMENT, write_corpus

ROOT = Path(__file__).parents[2]


class Shell:
    """Runs the command with a corpus and a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = write_corpus(folder)
        self.versions = Versions(folder / "data" / "indexes")

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "INTERVIEWER_DATA_DIR": str(self.folder / "data"),
            "INTERVIEWER_CORPUS": str(self.corpus),
        }
        command = [sys.executable, "-m", "interviewer", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, check=False)

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_find_builds_what_is_missing_and_answers(shell: Shell) -> None:
    found = shell.json("find", "the backlog doubles every hour though the workers are alive", "--k", "2")
    assert found["scenario"] == 2
    assert [row["scenario"] for row in found["ranked"]] == [2, 1]
    assert set(found["ranked"][0]) == {"scenario", "title", "score"}
    assert len(found["chunks"]) == 2
    assert {"id", "bullets", "section", "score"} <= set(found["chunks"][0])
    by_chroma = shell.json("find", "the backlog doubles every hour though the workers are alive", "--engine", "chroma")
    assert by_chroma["ranked"] == found["ranked"]
    assert by_chroma["engine"] == "chroma"
    people = shell.run("find", "-", stdin="who won the world cup of chess in 1886").stdout
    assert "No drill fits these words" in people
    empty = shell.run("find", "  ")
    assert (empty.returncode, empty.stderr[:6]) == (2, "error:")


def test_versions_are_listed_rolled_back_and_chosen(shell: Shell) -> None:
    assert shell.run("index", "status").returncode == 1
    first = shell.json("index", "build")
    assert first["built"]
    assert not shell.json("index", "build")["built"]
    assert shell.json("index", "status")["state"] == "ready"
    shell.corpus.write_text(DOCUMENT.replace("loader exit code", "loader exit status"))
    stale = shell.run("index", "status", "--json")
    assert (stale.returncode, json.loads(stale.stdout)["state"]) == (1, "stale")
    second = shell.json("index", "build")
    assert [(row["digest"], row["active"]) for row in shell.json("index", "list")["versions"]] == [
        (second["digest"], True),
        (first["digest"], False),
    ]
    back = shell.json("index", "rollback")
    assert back | {"digest": first["digest"], "previous": second["digest"], "pinned": True} == back
    assert back["restored"] is None  # the eval set is of another document
    assert "chosen by hand" in shell.json("find", "old prices")["reduced"]
    assert shell.json("index", "activate", second["digest"])["previous"] == first["digest"]
    assert shell.run("index", "activate", "0" * 16).returncode == 1


def test_second_builder_exits_with_75(shell: Shell) -> None:
    with shell.versions.writer():
        done = shell.run("index", "build")
    assert done.returncode == 75
    assert ".lock" in done.stderr


def test_nothing_to_roll_back(shell: Shell) -> None:
    done = shell.run("index", "rollback")
    assert done.returncode == 1
    assert "no earlier index" in done.stderr
