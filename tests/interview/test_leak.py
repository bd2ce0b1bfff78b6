"""Nothing of the key is said: the guard itself, and two hundred simulated turns held against the key independently."""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from interviewer.interview.leak import LeakGuard, is_exempt
from interviewer.interview.move import Move
from interviewer.interview.session import Session
from interviewer.interview.terms import sentences, words
from interviewer.models.embedder import Vectors
from interviewer.models.minilm import MiniLM
from interviewer.rubric import Rubric
from interviewer.scenario import Scenario
from interviewer.transcript import Transcript, Turn
from tests.interview.candidates import CANDIDATES, Candidate
from tests.interview.stage import (
    begin,
    cast_for,
    drawn,
    guard_for,
    shipped_document,
    shipped_plan,
    shipped_rubric,
)

EMBEDDER = MiniLM()
SILENCE = Transcript(id="t", turns=())
SIMILAR = 0.8
TURNS_EACH = 3
# A question on the metrics of a drill about a registry can hardly avoid one of the drill's own words, so single words
# and pairs are no leak; a whole short bullet of three words or more is.
SHORTEST = 3


@pytest.fixture(scope="module")
def guard() -> LeakGuard:
    return guard_for(9, EMBEDDER)


@pytest.mark.parametrize(
    "text",
    [
        "Did you look at the serialization and type conversions?",
        "Perhaps the transformation code ownership is worth a thought.",
        "What about disabling the broken online feature path?",
        "I hoped to hear: this is classic training-serving skew.",
        "You could add tests of parity between the offline and the online feature computations.",
        "Think of having one single source of truth for the feature definitions.",
    ],
)
def test_the_guard_stops_a_leak(guard: LeakGuard, text: str) -> None:
    assert guard.find_leak(text, SILENCE)


@pytest.mark.parametrize(
    "text",
    [
        "Who would you want to talk to early in this investigation?",
        "What would you look at next?",
        "Investigation suggests the online feature path is not producing the same values used during training.",
    ],
)
def test_the_guard_lets_questions_and_public_text_pass(guard: LeakGuard, text: str) -> None:
    assert guard.find_leak(text, SILENCE) == ""


def test_the_candidates_own_words_may_be_repeated(guard: LeakGuard) -> None:
    said = Transcript(id="t", turns=(Turn(role="candidate", text="Serialization and type conversions, I guess."),))
    text = "You mentioned “serialization and type conversions”. Why?"
    assert guard.find_leak(text, SILENCE)
    assert guard.find_leak(text, said) == ""


def test_no_authored_probe_is_held_back() -> None:
    held_back = {
        f"{question.id}: {question.text}": why
        for rubric in rubrics()
        for question in shipped_plan(rubric.scenario.scenario).probes
        if (why := guard_for(rubric.scenario.scenario, EMBEDDER).find_leak(question.text, SILENCE))
    }
    assert held_back == {}


class LooseTongue:
    """A speaker that blurts out the key."""

    identity = "loose@1"

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def say(self, move: Move, transcript: Transcript) -> str:
        return self._secret

    def say_plainly(self, move: Move) -> str:
        return "What would you look at next?"


def test_a_speaker_that_leaks_is_held_back_and_the_log_says_so() -> None:
    cast = cast_for(shipped_plan(9), shipped_rubric(9), guard=guard_for(9))
    loose = LooseTongue("Have you thought of transformation code ownership?")
    session = begin(type(cast)(**{**vars(cast), "speaker": loose}))
    told = drawn(session.answer("I would look at the data first and then at the code, one after the other.", "k"))
    said = [event for event in cast.log.read(session.id) if event.kind == "interviewer_said"][-1]
    assert told == "What would you look at next?"
    assert "transformation code ownership" in said.held_back


def rubrics() -> list[Rubric]:
    return [shipped_rubric(scenario.number) for scenario in shipped_document().scenarios]


def simulated() -> Iterator[tuple[Scenario, Session]]:
    """Interviews of every kind of candidate on every drill, hints included, in real mode, with the guard off."""
    chance = Random(7)
    for scenario in shipped_document().scenarios:
        rubric = shipped_rubric(scenario.number)
        for number, candidate in enumerate(CANDIDATES):
            cast = cast_for(shipped_plan(scenario.number), rubric, guard=LeakGuard((), ()))
            session = begin(cast, f"{scenario.number:016x}{number:016x}")
            play(session, candidate, scenario, rubric, chance)
            yield scenario, session


def play(session: Session, candidate: Candidate, scenario: Scenario, rubric: Rubric, chance: Random) -> None:
    for turn in range(TURNS_EACH):
        if session.state.phase != "interview":
            return
        drawn(session.answer(candidate(scenario, rubric, chance), f"k{turn}"))
        if session.state.phase == "interview" and chance.random() < 0.4:
            drawn(session.hint())


def test_two_hundred_turns_without_a_leak() -> None:
    """Even with the guard off, authored wording leaks nothing; checked by code of its own, not by the guard's."""
    turns, leaks = 0, list[str]()
    for scenario, session in simulated():
        told = [
            (session.state.transcript.turns[said.turn].text, said.turn)
            for said in session.state.coverage.moves
            if not is_exempt(said.move)
        ]
        turns += len(told)
        for text, place in told:
            heard = " ".join(turn.text for turn in session.state.transcript.turns[:place] if turn.role == "candidate")
            leaks += find_leaks(text, heard, scenario)
    assert turns >= 200
    assert leaks == []


def find_leaks(text: str, heard: str, scenario: Scenario) -> list[str]:
    """Runs of eight words of a key bullet (or a whole shorter one), and sentences that say the same as one."""
    public = " ".join([scenario.prompt, scenario.title, *(bullet.text for bullet in scenario.follow_ups), heard])
    said, known = f" {' '.join(words(text))} ", f" {' '.join(words(public))} "
    leaks = []
    for bullet in scenario.key_bullets:
        tokens = words(bullet.text)
        size = min(8, len(tokens))
        runs = [f" {' '.join(tokens[start : start + size])} " for start in range(len(tokens) - size + 1)]
        leaks += [f"{text!r} holds {run!r}" for run in runs if size >= SHORTEST and run in said and run not in known]
    leaks += [f"{text!r} says {text_of_key!r}" for text_of_key in alike(text, scenario)]
    return leaks


KEYS: dict[int, Vectors] = {}


def alike(text: str, scenario: Scenario) -> list[str]:
    if scenario.number not in KEYS:
        KEYS[scenario.number] = EMBEDDER.embed([bullet.text for bullet in scenario.key_bullets])
    listed = {bullet.text for bullet in scenario.follow_ups}
    own = [sentence for sentence in sentences(text) if "“" not in sentence and sentence not in listed]
    if not own:
        return []
    best = (EMBEDDER.embed(own) @ KEYS[scenario.number].T).max(axis=0)
    return [scenario.key_bullets[place].text for place in np.flatnonzero(best >= SIMILAR)]


def test_the_check_of_the_two_hundred_turns_can_fail() -> None:
    scenario = shipped_document().scenario(9)
    assert scenario is not None
    for leak in ("Look at feature timestamps and freshness.", "You should compare parity tests on sampled entities."):
        assert find_leaks(leak, "", scenario)
    assert find_leaks("Are the feature timestamps fresh?", "", scenario)
    assert find_leaks("What would you do next?", "", scenario) == []
