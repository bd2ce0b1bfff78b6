"""An utterance on its way to the candidate: what gets through, what is kept back, what takes its place."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import ModelTimeoutError, ModelUnavailableError, PhaseError
from interviewer.interview.events import InterviewerSaid
from interviewer.interview.leak import LeakGuard
from interviewer.interview.session import Cast, Session
from interviewer.interview.speech import Choice, SentenceGate
from interviewer.models.language import Ask, Reply
from interviewer.models.scripted import Line
from interviewer.transcript import Transcript
from tests.interview.stage import CRITERIA, SAID, STRONG, begin, drawn, talk
from tests.interview.voices import modelled_cast, speaking

KEY = [statement for _, statement, _ in CRITERIA.values()]
NOBODY = Transcript(id="t", turns=())


def gate(most: int = 80) -> SentenceGate:
    guard = LeakGuard(KEY, [], canaries=("0123456789ab",))
    return SentenceGate(guard, NOBODY, most=most, checks_manners=True, checks_leaks=True)


def through(text: str, size: int = 7) -> tuple[str, list[str]]:
    one = gate()
    shown = "".join(one.feed(text[start : start + size]) for start in range(0, len(text), size)) + one.finish()
    assert shown == one.shown
    return shown, one.held_back


def test_a_plain_question_gets_through_whole() -> None:
    text = "You spoke of the logs. Which of them would you read first?"
    assert through(text) == (text, [])


def test_sentences_are_shown_as_soon_as_they_are_complete() -> None:
    one = gate()
    assert one.feed("You spoke of the logs. Wh") == "You spoke of the logs."
    assert one.feed("ich of them?") == ""
    assert one.finish() == " Which of them?"


def test_praise_is_left_out_and_the_rest_is_said() -> None:
    shown, held_back = through("Great point! Which of them would you read first?")
    assert shown == "Which of them would you read first?"
    assert held_back == ["praise"]


def test_a_second_question_and_what_follows_is_left_out() -> None:
    shown, held_back = through("What comes first? And what comes next? Take your time.")
    assert shown.strip() == "What comes first?"
    assert held_back == ["second question", "words after the question"]


def test_a_leak_ends_it_there() -> None:
    shown, held_back = through("You spoke of logs. One looks at the depth of the mail queue. And then what?")
    assert shown.strip() == "You spoke of logs."
    assert held_back[0].startswith("leak: ")


def test_key_text_that_runs_across_a_full_stop_is_seen() -> None:
    shown, _ = through("Then one counts renderer. Crashes overnight matter too. What next?")
    assert "overnight" not in shown


def test_a_canary_is_seen_in_any_dress() -> None:
    for disguise in ("0123456789ab", "0123 4567 89AB", "ba9876543210", "MDEyMzQ1Njc4OWFi"):
        assert through(f"The reference is {disguise}. What next?")[0] == ""


def test_it_stops_where_it_becomes_a_speech() -> None:
    one = gate(most=12)
    text = "One two three four five. Six seven eight nine ten. Eleven twelve thirteen."
    shown = one.feed(text) + one.finish()
    assert shown.strip() == "One two three four five. Six seven eight nine ten."


PARTS = ["Go on. ", "Why? ", "Great! ", "Counts renderer crashes overnight. ", "a", "\n", ". "]


@given(st.lists(st.sampled_from(PARTS), max_size=8))
def test_however_it_is_cut_the_same_gets_through(parts: list[str]) -> None:
    text = "".join(parts)
    assert through(text, 1) == through(text, 5) == through(text, 1000)


@given(st.text(alphabet="ab .?!\n“”", max_size=80))
def test_never_two_question_marks_and_never_more_than_was_said(text: str) -> None:
    shown, _ = through(text)
    assert shown.count("?") <= 1
    assert len(shown) <= len(text)


# What the interview makes of it


def spoken_events(cast: Cast, session: Session) -> list[InterviewerSaid]:
    return [event for event in cast.log.read(session.id) if event.kind == "interviewer_said"]


def interviewed(*lines: Line, answers: Sequence[str] = (STRONG,)) -> tuple[list[str], list[InterviewerSaid]]:
    """The replies to these answers by a model that says these lines, and the record of all that was said."""
    cast = modelled_cast(speaking(*lines), guard=LeakGuard(KEY, []))
    session = begin(cast)
    replies = talk(session, answers)
    return replies, spoken_events(cast, session)


def test_the_models_words_are_what_is_recorded() -> None:
    replies, events = interviewed("Welcome to it.", "You spoke of the queue. What would you do next?")
    assert replies == ["You spoke of the queue. What would you do next?"]
    assert events[-1].text == replies[0]
    assert events[-1].by == "scripted:1+interviewer@1+moves@1"
    assert events[-1].tokens > 0
    assert (events[-1].trouble, events[-1].held_back, events[-1].interrupted) == ("", "", False)


def test_the_brief_is_the_models_and_the_rules_are_ours() -> None:
    _, events = interviewed("Invoices did not arrive last night.", "What next?")
    assert events[0].text.startswith("Invoices did not arrive last night.\n\n")
    assert "what you reach after a hint counts for less" in events[0].text
    assert events[0].text.count("?") == 1


def test_a_leak_is_replaced_by_the_authored_question_and_counted() -> None:
    replies, events = interviewed("Welcome.", "Well. One suspects an expired relay certificate. Do you?")
    move = events[-1].move
    assert replies == [f"Well. {move.question}"]
    assert events[-1].held_back.startswith("leak: ")


def test_when_nothing_of_it_may_be_said_the_words_are_ours_and_so_is_the_name() -> None:
    replies, events = interviewed("Welcome.", "Great! Exactly.")
    assert events[-1].by == "offline@1+wording@1"
    assert events[-1].held_back == "praise; verdict"
    assert events[-1].move.question in replies[0]


def test_a_move_that_asks_always_ends_with_a_question() -> None:
    replies, events = interviewed("Welcome.", "You spoke of the queue.")
    assert replies == [f"You spoke of the queue. {events[-1].move.question}"]


def test_a_model_that_is_away_is_replaced_at_once_and_takes_over_when_it_is_back() -> None:
    away = ModelUnavailableError("The endpoint cannot be reached.", where="host:1")
    replies, events = interviewed("Welcome.", away, "What would you do next?", answers=[STRONG, SAID])
    assert replies[0]
    assert [event.by.split("+")[0] for event in events] == ["scripted:1", "offline@1", "scripted:1"]
    assert "cannot be reached" in events[1].trouble
    assert not events[1].interrupted
    assert events[2].trouble == ""


def test_what_was_shown_before_a_break_stays_marked_and_the_question_follows() -> None:
    cast = modelled_cast(Breaking("You spoke of the queue. What wou"), guard=LeakGuard(KEY, []))
    session = begin(cast)
    reply = talk(session, [STRONG])[0]
    event = spoken_events(cast, session)[-1]
    assert reply.startswith("You spoke of the queue.")
    assert "broke off here" in reply
    assert reply.endswith(event.move.question)
    assert event.text == reply
    assert (event.interrupted, bool(event.trouble)) == (True, True)


def test_an_interrupted_turn_can_be_said_again_and_takes_its_place() -> None:
    model = Breaking("You spoke of the queue. What wou")
    cast = modelled_cast(model, guard=LeakGuard(KEY, []))
    session = begin(cast)
    talk(session, [STRONG])
    assert retriable(session)
    moves = len(session.state.coverage.moves)
    model.breaks = False
    again = drawn(session.retry("click"))
    assert again == "What would you do next?"
    assert drawn(session.retry("click")) == again
    assert session.state.transcript.turns[-1].text == again
    assert [turn.role[0] for turn in session.state.transcript.turns] == ["i", "c", "i"]
    assert len(session.state.coverage.moves) == moves
    assert not retriable(session)
    with pytest.raises(PhaseError, match="nothing to say again"):
        session.retry()


def test_who_leaves_in_the_middle_is_owed_the_reply() -> None:
    cast = modelled_cast(speaking("Welcome.", "You spoke of the queue. What would you do next?"))
    session = begin(cast)
    pieces = iter(session.answer(STRONG, "k"))
    next(pieces)
    del pieces
    again = Session.resume(session.id, cast)
    assert again.state.pending
    assert drawn(again.reply()) == "You spoke of the queue. What would you do next?"
    assert [turn.role[0] for turn in again.state.transcript.turns] == ["i", "c", "i"]


def test_hints_that_give_something_away_are_in_our_words() -> None:
    cast = modelled_cast(speaking("Welcome.", "What next?"))
    session = begin(cast)
    talk(session, [SAID])
    for _ in range(3):
        drawn(session.hint())
    by = {event.move.kind: event.by.split("+")[0] for event in spoken_events(cast, session)}
    assert by["pump"] == by["narrow"] == "scripted:1"
    assert by["partial"] == "offline@1"


def retriable(session: Session) -> bool:
    return session.can_retry


class Breaking:
    """A model that breaks off after some text, until it is mended."""

    identity = "breaking:1"

    def __init__(self, text: str) -> None:
        self.text, self.breaks = text, True
        self.calls = 0

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        self.calls += 1
        if self.calls == 1:
            yield "Welcome."
            yield Reply(text="Welcome.")
            return
        if self.breaks:
            yield self.text
            raise ModelTimeoutError("The reply stopped for 15 s.", where="host:1")
        yield "What would you do next?"
        yield Reply(text="What would you do next?")


@pytest.mark.parametrize(
    ("said", "is_second", "rest"),
    [
        ("A: What next?", False, "What next?"),
        ("B: And who else?", True, "And who else?"),
        ("What next?", False, "What next?"),
        ("A", False, "A"),
        ("Because of that, what next?", False, "Because of that, what next?"),
    ],
)
def test_the_letter_of_a_choice_is_taken_off(said: str, is_second: bool, rest: str) -> None:
    for size in (1, 3, 100):
        choice = Choice(is_offered=True)
        text = "".join(choice.feed(said[start : start + size]) for start in range(0, len(said), size))
        assert (text + choice.finish(), choice.is_second) == (rest, is_second)


def test_a_question_that_was_just_answered_gives_way_to_the_next_one() -> None:
    """The ledger does not know it yet, the model sees it: code has decided on both questions."""
    replies, events = interviewed("Welcome.", "B: What would you do next?")
    first = interviewed("Welcome.", "A: What would you do next?")[1][-1].move
    assert replies == ["What would you do next?"]
    assert events[-1].move.question_id != first.question_id
    assert events[-1].move.kind in ("ask_follow_up", "probe")
