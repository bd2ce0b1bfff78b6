"""Asking back at a live terminal: what is put, what an entry means, and how it stops."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from interviewer.cli.asking import ask_back
from interviewer.cli.conversation import Conversation
from interviewer.cli.terminal import Clock, Watch
from interviewer.grading.report import parse_scorecard
from interviewer.grading.selfcheck import MOST_ASKED, SelfCheck
from interviewer.store import open_store
from interviewer.transcript import Quote
from tests.doubts import UNSURE, hold_interview, open_doubting_desk

WORDS = Quote(turn=3, start=0, end=12, text="I\x1b[31m diff it")
CHECKS = tuple(
    SelfCheck(criterion=name, statement=f"Does {name}.", leaning="partial", nearest=nearest)
    for name, nearest in (("a", WORDS), ("b", None), ("c", WORDS), ("d", WORDS))
)


class TypedTerminal:
    """A live terminal at which this is typed; `^C` stands for the key."""

    is_live = True

    def __init__(self, *entries: str) -> None:
        self._entries = iter(entries)
        self.prompts: list[str] = []

    def read(self, prompt: str, clock: Clock | None = None, drafts: Watch | None = None) -> str | None:
        self.prompts.append(prompt)
        entry = next(self._entries, None)
        if entry == "^C":
            raise KeyboardInterrupt
        return entry

    def write(self, pieces: Iterable[str]) -> None:
        tuple(pieces)

    def show_markdown(self, text: str) -> None:
        self.prompts.append("report")


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (("y", "P", "no", ""), {"a": "met", "b": "partial", "c": "not_met"}),
        (("", "perhaps", "y"), {"b": "met"}),
        (("n", "q", "y"), {"a": "not_met"}),
        (("n", "^C", "y"), {"a": "not_met"}),
        ((), {}),
    ],
)
def test_entries(typed: tuple[str, ...], answers: dict[str, str]) -> None:
    assert ask_back(TypedTerminal(*typed), CHECKS, "candidate") == answers


def test_what_is_put(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = TypedTerminal("", "")
    ask_back(terminal, CHECKS[:2], "coach")
    shown = capsys.readouterr().out
    assert "1 of 2. Does a. [partly met so far]\n   “I[31m diff it” (turn 4)" in shown
    assert "2 of 2. Does b. [partly met so far]\n   Nothing said came near it." in shown
    assert terminal.prompts[0].startswith("Does this count?")


def asked(tmp_path: Path, *typed: str) -> Iterator[object]:
    """Prompts of a conversation that is over, then who settled how many."""
    store = open_store(tmp_path)
    desk = open_doubting_desk(store)
    session, terminal = hold_interview(desk), TypedTerminal(*typed)
    Conversation(desk, terminal, desk.resume(session)).run()
    yield terminal.prompts
    yield parse_scorecard(desk.grade(session).scorecard_json).provenance.settled
    store.close()


def test_talk_offers_some_of_it_after_the_report(tmp_path: Path) -> None:
    assert len(UNSURE) > MOST_ASKED
    prompts, settled = asked(tmp_path, "y", "y", "n", "", "p", "", "y")
    assert isinstance(prompts, list)
    assert prompts[0] == "report"
    assert len(prompts) == 2 + MOST_ASKED
    assert settled == {"candidate": 4}


@pytest.mark.parametrize("typed", [(), ("",), ("n",), ("y", "q")])
def test_nobody_has_to(tmp_path: Path, typed: tuple[str, ...]) -> None:
    _, settled = asked(tmp_path, *typed)
    assert settled == {}
