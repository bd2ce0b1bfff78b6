"""The offline speaker: varied, the same on replay, no praise, one question."""

import re
from typing import get_args

import pytest

from interviewer.interview.move import Move, MoveKind
from interviewer.interview.opening import WORDING
from interviewer.interview.plan import STAGES
from interviewer.prompts.read import read_prompt
from interviewer.transcript import Transcript, Turn
from tests.interview.stage import speaker

PRAISE = re.compile(
    r"\b(great|good answer|excellent|perfect|correct|wrong|exactly|well done|nice|impressive|interesting|agree|"
    r"you'?re right|that'?s right|so far you|to sum up|in summary)\b",
    re.IGNORECASE,
)
SAID = "I would look at the feature store and the relay queue."
QUESTION = "What would you check about the queue?"


def heard(session: str = "s", text: str = SAID) -> Transcript:
    return Transcript(id=session, turns=(Turn(role="interviewer", text="Go."), Turn(role="candidate", text=text)))


def move(kind: MoveKind, **fields: object) -> Move:
    return Move.model_validate({"kind": kind, "reason": "test", "section": "inspect", **fields})


MOVES = [
    move("brief", variant="real", slots={"prompt": "It broke.", "minutes": "30"}),
    move("brief", variant="coach", slots={"prompt": "It broke.", "minutes": "30"}),
    move("hold", variant="thin"),
    move("hold", variant="wait"),
    move("hold", variant="no_more_hints"),
    move("redirect", question=QUESTION),
    move("clarify", variant="question", question=QUESTION),
    move("clarify", variant="incident", question=QUESTION),
    move("clarify", variant="question", section="brief"),
    move("repeat", variant="probe", question=QUESTION),
    move("repeat", variant="brief", section="brief", slots={"prompt": "It broke."}),
    move("neutral"),
    move("decline", question=QUESTION),
    move("time_check", question=QUESTION, slots={"minutes_left": "3", "minutes": "30"}),
    move("pump"),
    move("narrow", question=QUESTION),
    move("narrow"),
    move("partial", slots={"letter": "q", "length": "5"}),
    move("reveal", slots={"statement": "Looks at the queue."}),
    move("wrap_up"),
    move("self_rating"),
    move("debrief"),
    *(move("probe", question=QUESTION, competency=stage, lead="turn_to") for stage in STAGES),
    *(
        move("ask_follow_up", question=QUESTION, lead=lead)
        for lead in ("", "passed", "no_verdict", "no_answer", "astray")
    ),
]


def test_every_kind_of_move_is_covered_here() -> None:
    assert {one.kind for one in MOVES} == set(get_args(MoveKind))


@pytest.mark.parametrize("one", MOVES, ids=lambda one: f"{one.kind}-{one.variant or one.lead or one.competency}")
def test_words_of_every_move_in_every_variant(one: Move) -> None:
    for number in range(25):
        text = speaker().say(one, heard(f"session{number}"))
        assert text.strip()
        assert text.count("?") <= 1
        assert not PRAISE.search(text)
        assert not set("{}<>") & set(text)
        assert one.question in text


def test_no_authored_wording_praises_or_asks_twice() -> None:
    for text in strings(read_prompt(WORDING)):
        assert not PRAISE.search(text), text
        assert text.count("?") <= 1, text


def strings(data: object) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in strings(value)]
    return [str(data)]


def test_the_same_place_gives_the_same_words_and_other_places_others() -> None:
    one = MOVES[0]
    assert speaker().say(one, heard("a")) == speaker().say(one, heard("a"))
    assert len({speaker().say(one, heard(str(number))) for number in range(30)}) > 4


def test_a_question_picks_up_what_was_said_once() -> None:
    probe = move("probe", question=QUESTION, competency="investigation")
    first = speaker().say(probe, heard())
    assert "“relay queue”" in first
    again = Transcript(id="s", turns=(Turn(role="interviewer", text=first), Turn(role="candidate", text=SAID)))
    assert "relay queue" not in speaker().say(probe, again)


def test_the_last_resort_fits_every_competency() -> None:
    assert all(speaker().say_plainly(move("probe", competency=stage)).endswith("?") for stage in STAGES)
