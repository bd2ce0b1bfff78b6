"""Four whole interviews, played back through policy, gate, tracker and leak guard with the replies of the day."""

import json
from dataclasses import replace

import pytest

from interviewer.interview.cue import is_authored_only
from interviewer.interview.events import InterviewerSaid
from interviewer.interview.manners import find_fault
from interviewer.interview.session import Cast, Session
from interviewer.interview.terms import sentences
from interviewer.wiring import open_embedder
from tests.interview.stage import begin, cast_for, drawn, guard_for, shipped_plan, shipped_rubric
from tests.interview.voices import tracker_of, voice_of
from tests.recorded.replay import INTERVIEWS, RecordedScorer, read_interview, recorded_model


def played(name: str) -> tuple[Cast, Session]:
    """The interview as far as the recording goes."""
    recording = read_interview(name)
    number = recording["scenario"]
    model, rubric = recorded_model(recording), shipped_rubric(number)
    cast = replace(
        cast_for(shipped_plan(number), rubric, guard=guard_for(number, open_embedder())),
        scorer=RecordedScorer(recording["estimates"]),
        voice=voice_of(model),
        tracker=tracker_of(model, rubric),
    )
    session = begin(cast)
    for place, entry in enumerate(recording["entries"]):
        if session.state.phase not in ("interview", "wrap_up"):
            break
        if "answer" in entry:
            drawn(session.answer(entry["answer"], f"k{place}"))
        elif "hint" in entry and session.state.phase == "interview":
            drawn(session.hint())
        elif "finish" in entry:
            drawn(session.finish())
    return cast, session


def sayings(cast: Cast, session: Session) -> list[InterviewerSaid]:
    return [event for event in cast.log.read(session.id) if event.kind == "interviewer_said"]


@pytest.mark.parametrize("name", INTERVIEWS)
def test_what_the_candidate_hears(name: str) -> None:
    cast, session = played(name)
    said = sayings(cast, session)
    modelled = [event for event in said if event.by.startswith("recorded:")]
    assert len(modelled) >= 5
    for event in said:
        assert event.text.count("?") <= 1, event.text
        assert not event.interrupted
    turns = session.state.transcript.turns
    for saying, event in zip(session.state.sayings, said, strict=True):
        before = session.state.transcript.model_copy(update={"turns": turns[: saying.turn]})
        assert event.move.kind == "brief" or cast.guard.find_leak(event.text, before) == ""
    for event in modelled[1:]:
        assert [one for one in sentences(event.text) if find_fault(one)] == [] or event.move.kind == "decline"
        assert not is_authored_only(event.move)
    asked = [event.move.question_id for event in said if event.move.kind in ("ask_follow_up", "probe")]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("name", INTERVIEWS)
def test_hardly_anything_of_it_had_to_be_held_back(name: str) -> None:
    cast, session = played(name)
    held_back = [event.held_back for event in sayings(cast, session) if event.held_back]
    assert held_back == []


def test_a_question_that_was_answered_in_passing_was_passed_over() -> None:
    cast, session = played("strong")
    passed_over = [event.move.instead_of for event in sayings(cast, session) if event.move.instead_of]
    assert passed_over
    asked = {event.move.question_id for event in sayings(cast, session)}
    assert not asked & set(passed_over)


def test_the_tracker_saw_what_was_said() -> None:
    for name in INTERVIEWS:
        cast, session = played(name)
        scored = [event for event in cast.log.read(session.id) if event.kind == "scored"]
        tracked = [event for event in scored if event.scorer.startswith("recorded:bridge")]
        assert tracked
        quotes = [quote for event in tracked for verdict in event.verdicts for quote in verdict.quotes]
        assert all(quote.holds_in(session.state.transcript) for quote in quotes)


def test_nothing_of_the_key_was_in_what_the_speaker_read() -> None:
    for name in INTERVIEWS:
        recording = read_interview(name)
        rubric = shipped_rubric(recording["scenario"])
        spoken = json.dumps([recording["said"], recording["spoken"]], ensure_ascii=False)
        assert [one.statement for one in rubric.scenario.criteria if one.statement in spoken] == []
        assert rubric.canary not in spoken
