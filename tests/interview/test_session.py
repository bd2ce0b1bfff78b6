"""The live session, on the log in memory and on the one on disk."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import InputError, NotFoundError, PhaseError
from interviewer.interview.events import EVENT, Event
from interviewer.interview.log import EventLog, MemoryLog
from interviewer.interview.session import MAX_MESSAGE_CHARS, Session
from interviewer.interview.state import SessionState, replay
from tests.interview.logs import open_log
from tests.interview.stage import SAID, STRONG, HandClock, begin, drawn, small_cast, talk

ID = "0" * 32


@pytest.fixture(params=["memory", "disk"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    with open_log(request.param, tmp_path / "data") as opened:
        yield opened


def phase(session: Session) -> str:
    return session.state.phase


def roles(session: Session) -> str:
    return "".join(turn.role[0] for turn in session.state.transcript.turns)


def test_a_whole_interview(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    talk(session, [STRONG, SAID, SAID])
    assert drawn(session.finish())
    assert phase(session) == "self_rating"
    assert drawn(session.rate_self({"framing": 4, "diagnosis": 2}))
    assert phase(session) == "done"
    assert session.state.self_ratings == {"framing": 4, "diagnosis": 2}
    assert roles(session) == "ic" * 3 + "iii"
    assert session.state.transcript.scenario == 1


def test_the_log_alone_gives_the_state_back(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    talk(session, [STRONG, SAID])
    drawn(session.hint())
    again = Session(ID, small_cast(log=log), log.read(ID))
    assert again.state == session.state


def test_quotes_in_the_log_stand_in_the_transcript(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    talk(session, [SAID, STRONG])
    verdicts = [verdict for event in log.read(ID) if event.kind == "scored" for verdict in event.verdicts]
    assert verdicts
    assert all(quote.holds_in(session.state.transcript) for verdict in verdicts for quote in verdict.quotes)


def test_the_same_key_is_one_turn_with_one_reply(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    first = drawn(session.answer(STRONG, "key"))
    assert drawn(session.answer(STRONG, "key")) == first
    assert drawn(session.answer("something else", "key")) == first
    assert drawn(session.hint("click")) == drawn(session.hint("click"))
    assert roles(session) == "icii"


def test_two_windows_on_one_session_agree(log: EventLog) -> None:
    one = begin(small_cast(log=log))
    other = Session.resume(ID, small_cast(log=log))
    first = drawn(one.answer(STRONG, "key"))
    assert drawn(other.answer(STRONG, "key")) == first
    drawn(other.answer(SAID, "next"))
    drawn(one.answer(SAID, "third"))
    assert roles(one) == "ic" * 3 + "i"
    other.pause()
    assert one.state.transcript == other.state.transcript


def test_the_answer_is_kept_before_the_reply_is_made(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    session.answer(STRONG, "key")
    again = Session.resume(ID, small_cast(log=log))
    assert roles(again) == "ic"
    owed = again.state.pending
    reply = drawn(again.reply())
    assert reply
    assert (owed, again.state.pending) == (True, False)
    assert drawn(again.answer(STRONG, "key")) == reply


def test_a_reply_that_was_cut_off_is_given_again_in_the_same_words(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    pieces = session.answer(STRONG, "key")
    start = next(pieces)
    again = Session.resume(ID, small_cast(log=log))
    assert drawn(again.reply()).startswith(start)
    assert [event.kind for event in log.read(ID)].count("interviewer_said") == 2


def test_who_goes_on_without_the_reply_gets_it_on_record_first(log: EventLog) -> None:
    session = begin(small_cast(log=log))
    session.answer(STRONG, "one")
    drawn(session.answer(SAID, "two"))
    assert roles(session) == "icici"


def test_pieces_are_words_and_together_the_turn(log: EventLog) -> None:
    session = Session.start(ID, small_cast(log=log))
    pieces = list(session.reply())
    assert len(pieces) > 20
    assert "".join(pieces) == session.state.transcript.turns[0].text
    assert "\n\n" in "".join(pieces)


@pytest.mark.parametrize("text", ["", " \n", "x" * (MAX_MESSAGE_CHARS + 1)])
def test_messages_that_do_not_fit_change_nothing(text: str) -> None:
    session = begin(small_cast())
    with pytest.raises(InputError, match=r"empty|8,001 characters; at most 8,000"):
        session.answer(text, "key")
    assert roles(session) == "i"
    assert drawn(session.answer("x" * MAX_MESSAGE_CHARS, "key"))


@pytest.mark.parametrize("ratings", [{"framing": 0}, {"framing": 6}, {"cooking": 3}])
def test_ratings_that_make_no_sense_are_refused(ratings: dict[str, int]) -> None:
    session = begin(small_cast())
    drawn(session.finish())
    with pytest.raises(InputError, match="framing|cooking"):
        session.rate_self(ratings)
    assert phase(session) == "self_rating"


def test_steps_out_of_turn_are_refused() -> None:
    session = begin(small_cast())
    with pytest.raises(PhaseError):
        session.rate_self({})
    drawn(session.finish())
    assert drawn(session.finish()) == ""
    with pytest.raises(PhaseError):
        session.answer(SAID, "late")
    with pytest.raises(PhaseError):
        session.hint()
    drawn(session.rate_self({}))
    with pytest.raises(PhaseError):
        session.rate_self({})


def test_an_unknown_session_and_a_taken_id(log: EventLog) -> None:
    with pytest.raises(NotFoundError, match="history"):
        Session.resume("f" * 32, small_cast(log=log))
    begin(small_cast(log=log))
    with pytest.raises(PhaseError, match="exists already"):
        Session.start(ID, small_cast(log=log))


def test_the_clock_stands_still_while_paused() -> None:
    clock = HandClock()
    session = begin(small_cast(now=clock))
    clock.go_on(60)
    assert session.elapsed_s() == 60
    session.pause()
    clock.go_on(5000)
    session.pause()
    assert (session.elapsed_s(), session.state.paused) == (60, True)
    drawn(session.answer(STRONG, "key"))
    clock.go_on(5)
    assert (session.elapsed_s(), session.state.paused) == (65, False)
    assert session.remaining_s() == 30 * 60 - 65


def test_a_clock_that_jumps_back_keeps_the_order() -> None:
    clock = HandClock()
    session = begin(small_cast(now=clock))
    clock.go_on(100)
    drawn(session.answer(STRONG, "one"))
    clock.go_on(-90_000)
    drawn(session.answer(SAID, "two"))
    clock.go_on(50)
    assert session.elapsed_s() == 150
    assert roles(session) == "icici"


def test_the_last_turn_fits_and_the_next_is_refused() -> None:
    session = begin(small_cast(minutes=90))
    for place in range(session.plan.turn_budget):
        drawn(session.answer("Can you repeat that?", f"k{place}"))
        if session.state.phase == "self_rating":
            break
    assert phase(session) == "self_rating"
    assert len(session.state.transcript.candidate_turns) <= 40


class _DyingLog:
    """A log whose process dies before its Nth append: what was appended stays."""

    def __init__(self, inner: EventLog, appends: int) -> None:
        self._inner, self._left = inner, appends

    def read(self, session: str, after: int = 0) -> tuple[Event, ...]:
        return self._inner.read(session, after)

    def append(self, session: str, after: int, events: Sequence[Event]) -> bool:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return self._inner.append(session, after, events)


STEPS = (
    ("answer", STRONG),
    ("hint", "h"),
    ("answer", SAID),
    ("answer", "Is that right?"),
    ("finish", ""),
    ("rate", ""),
)


def play(session: Session) -> None:
    """The steps from wherever the session stands; each is safe to do twice."""
    drawn(session.reply())
    for place, (step, text) in enumerate(STEPS):
        if step == "answer" and session.state.phase == "interview":
            drawn(session.answer(text, f"k{place}"))
        elif step == "hint" and session.state.phase == "interview":
            drawn(session.hint(f"k{place}"))
        elif step == "finish":
            drawn(session.finish())
        elif step == "rate" and session.state.phase == "self_rating":
            drawn(session.rate_self({"framing": 3}))


def final(log: EventLog) -> SessionState:
    return replay(log.read(ID), small_cast().plan.criteria)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 13), max_size=6))
def test_however_often_it_dies_the_interview_comes_out_the_same(deaths: list[int]) -> None:
    whole, broken = MemoryLog(), MemoryLog()
    play(Session.start(ID, small_cast(log=whole)))
    Session.start(ID, small_cast(log=broken))
    for appends in deaths:
        dying = small_cast(log=_DyingLog(broken, appends))
        try:
            play(Session.resume(ID, dying))
        except KeyboardInterrupt:
            continue
    play(Session.resume(ID, small_cast(log=broken)))
    assert final(broken).transcript == final(whole).transcript
    assert final(broken).coverage.entries == final(whole).coverage.entries
    assert final(broken).phase == "done"


def test_every_prefix_of_a_log_is_a_consistent_state() -> None:
    log = MemoryLog()
    play(Session.start(ID, small_cast(log=log)))
    events = log.read(ID)
    criteria = small_cast().plan.criteria
    states = [replay(events[:length], criteria) for length in range(1, len(events) + 1)]
    for earlier, later in pairwise(states):
        assert later.transcript.turns[: len(earlier.transcript.turns)] == earlier.transcript.turns
        assert later.elapsed_s >= earlier.elapsed_s
        assert earlier.coverage.met <= later.coverage.met
        assert all(entry.turns == tuple(sorted(entry.turns)) for entry in later.coverage.entries)
    with pytest.raises(ValueError, match="started"):
        replay(events[1:], criteria)


def test_events_come_back_from_json_as_they_were() -> None:
    log = MemoryLog()
    play(Session.start(ID, small_cast(log=log)))
    assert all(EVENT.validate_json(event.model_dump_json()) == event for event in log.read(ID))
