"""The lobby of `interviewer talk` with a model: a process of its own, the loopback endpoint, a pipe."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.world import World
from tests.wire.server import LoopbackModel, loopback


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def use(world: World, server: LoopbackModel) -> None:
    world.variables = {"INTERVIEWER_BASE_URL": server.url, "INTERVIEWER_MODEL": "openai:stub"}


def host(request: dict[str, Any]) -> str:
    """Asks once, then starts what was agreed; later speaks as the interviewer would."""
    spoken = [one["content"] for one in request["messages"] if one["role"] == "user"]
    if not request.get("tools") or "start_interview" not in str(request["tools"]):
        return "Which part would you look at first?"
    return (
        'CALL start_interview {"scenario": 1, "mode": "coach", "level": "staff", "minutes": 45}'
        if len(spoken) > 1
        else "Mail it is. As which level?"
    )


def test_a_talk_that_ends_with_a_drill(world: World) -> None:
    with loopback(host) as server:
        use(world, server)
        done = world.run("talk", stdin="mail trouble\n\nas staff, with coaching, 45 minutes\n/quit\n")
    assert done.returncode == 0, done.stderr
    assert "Mail it is. As which level?" in done.stdout
    assert "Good, we take drill 1" in done.stdout
    (session,) = world.sessions()
    assert (session["scenario"], session["mode"], session["level"], session["minutes"]) == (1, "coach", "staff", 45)


def test_what_is_given_on_the_command_line_wins(world: World) -> None:
    with loopback(host) as server:
        use(world, server)
        world.run("talk", "--level", "mid", "--minutes", "20", stdin="mail trouble\nas staff\n")
    (session,) = world.sessions()
    assert (session["mode"], session["level"], session["minutes"]) == ("coach", "mid", 20)


def test_a_model_that_fails_is_said_and_search_finds_the_drill(world: World) -> None:
    with loopback(host, ["401"]) as server:
        use(world, server)
        done = world.run("talk", stdin="invoices go missing\n/quit\n")
    assert done.returncode == 0, done.stderr
    assert "note: The model did not answer" in done.stderr
    assert "Scenario 1: Invoices Go Missing" in done.stdout
    assert world.sessions()[0]["scenario"] == 1


@pytest.mark.parametrize("typed", ["", "/quit\n", "mail trouble\n"])
def test_nothing_chosen_is_nothing_started(world: World, typed: str) -> None:
    with loopback(host) as server:
        use(world, server)
        done = world.run("talk", stdin=typed)
    assert done.returncode == 0, done.stderr
    assert "Nothing was chosen" in done.stdout
    assert world.sessions() == []


def test_a_number_asks_nobody(world: World) -> None:
    with loopback(host) as server:
        use(world, server)
        world.run("talk", stdin="1\n/quit\n")
        assert not any("start_interview" in str(request.get("tools")) for request in server.requests)
    assert world.sessions()[0]["scenario"] == 1


def test_while_free_topics_are_closed_no_model_talks_and_the_list_is_left(world: World) -> None:
    world.run("fallback", "on")
    with loopback(host) as server:
        use(world, server)
        done = world.run("talk", stdin="mail trouble\n")
        assert [one for one in server.requests if one.get("tools")] == []
        assert "Free topics are closed" in done.stdout + done.stderr
        world.run("talk", stdin="1\n/quit\n")
    assert world.sessions()[0]["scenario"] == 1
