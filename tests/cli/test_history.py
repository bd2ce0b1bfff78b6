"""Past interviews: listed, shown, deleted."""

import json
from pathlib import Path

import pytest

from tests.cli.world import World
from tests.interview.stage import STRONG


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.run("talk", "1", stdin=f"{STRONG}\n\x1b[31mred\x07 alert\n/finish\n/skip\n")
    return made


def test_before_the_first_interview(tmp_path: Path) -> None:
    done = World(tmp_path).run("history")
    assert (done.returncode, "interviewer talk" in done.stdout) == (0, True)


def test_a_line_per_interview(world: World) -> None:
    (session,) = world.sessions()
    done = world.run("history")
    assert done.stdout.startswith(str(session["id"])[:8])
    assert "Invoices Go Missing" in done.stdout
    assert "2 turns" in done.stdout
    assert {"id", "date", "scenario", "status", "level", "turns", "overall"} <= set(session)


def test_an_interview_is_shown_with_its_report_and_without_control_characters(world: World) -> None:
    (session,) = world.sessions()
    done = world.run("history", "show", str(session["id"])[:6])
    assert STRONG in done.stdout
    assert "red alert" in done.stdout
    assert "\x1b" not in done.stdout
    body = json.loads(world.run("history", "show", str(session["id"]), "--json").stdout)
    assert [turn["role"] for turn in body["turns"]][:2] == ["interviewer", "candidate"]
    assert body["ledger"]
    assert body["scorecard"]


def test_deleting_asks_first_and_is_for_good(world: World) -> None:
    (session,) = world.sessions()
    kept = world.run("history", "delete", str(session["id"]), stdin="n\n")
    assert kept.returncode != 0
    assert len(world.sessions()) == 1
    assert world.run("history", "delete", str(session["id"])[:8], "--yes").returncode == 0
    assert world.sessions() == []
    assert world.run("history", "show", str(session["id"])).returncode == 1


def test_a_beginning_that_fits_several_is_refused(world: World) -> None:
    done = world.run("history", "show", "ab")
    assert done.returncode == 1
    assert "history" in done.stderr
