"""The hint ladder and its price."""

import pytest

from interviewer.errors import PhaseError
from interviewer.interview.move import Move
from interviewer.interview.session import Session
from tests.interview.stage import STRONG, begin, drawn, small_cast, talk


def hinted(session: Session, times: int) -> list[Move]:
    for _ in range(times):
        drawn(session.hint())
    return [said.move for said in session.state.coverage.moves[-times:]]


def asked(mode: str = "real") -> Session:
    session = begin(small_cast(mode="coach" if mode == "coach" else "real"))
    talk(session, [STRONG])
    return session


def test_the_ladder_in_a_real_interview_stops_before_the_answer() -> None:
    session = asked()
    while session.state.coverage.moves[-1].move.kind != "probe":
        drawn(session.answer("I don't know", f"pass{session.state.questions}"))
    steps = hinted(session, 4)
    assert [move.step for move in steps] == ["pump", "narrow", "partial", None]
    assert steps[-1].variant == "no_more_hints"


def test_in_coach_mode_the_last_hint_gives_one_point_away() -> None:
    session = asked("coach")
    while session.state.coverage.moves[-1].move.kind != "probe":
        drawn(session.answer("I don't know", f"pass{session.state.questions}"))
    steps = hinted(session, 5)
    assert [move.step for move in steps] == ["pump", "narrow", "partial", "reveal", None]
    revealed = session.plan.target(steps[3].targets[0])
    assert revealed is not None
    assert revealed.statement in session.state.transcript.turns[-2].text


def test_hints_have_their_price_in_the_ledger() -> None:
    session = begin(small_cast())
    opening = "I would look at the logs of the whole system first and then at what was changed last night, all of it."
    talk(session, [f"{opening} Something must have changed for this to begin."])
    hinted(session, 3)
    drawn(session.answer("Then I separate sending faults from rendering faults.", "after"))
    assert session.state.coverage.reached() == {"s01.cover.1": "partial"}
    assert session.state.coverage.entry("s01.cover.1").how == "partial"


def test_the_partial_hint_names_letter_and_length_only() -> None:
    session = begin(small_cast())
    talk(session, ["I would look at everything there is to see."])
    partial = hinted(session, 3)[-1]
    assert set(partial.slots) == {"letter", "length"}


def test_a_hint_by_word_and_by_command_are_the_same() -> None:
    by_word, by_command = asked(), asked()
    drawn(by_word.answer("Can I have a hint?", "h"))
    drawn(by_command.hint())
    assert by_word.state.coverage.moves[-1].move == by_command.state.coverage.moves[-1].move


def test_there_is_no_hint_after_the_questions() -> None:
    session = asked()
    drawn(session.finish())
    with pytest.raises(PhaseError):
        session.hint()


def test_the_brief_tells_what_hints_cost() -> None:
    assert "up to hearing one point outright" in begin(small_cast(mode="coach")).state.transcript.turns[0].text
