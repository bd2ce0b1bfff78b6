"""The ledger: what came up, after what, and what a hint costs."""

from hypothesis import given
from hypothesis import strategies as st

from interviewer.interview.coverage import Coverage, Entry, build_coverage
from interviewer.interview.events import CandidateSaid, Event, InterviewerSaid, Scored
from interviewer.interview.move import HINT_STEPS, Move, MoveKind
from interviewer.rubric import HintStep
from interviewer.transcript import Quote
from interviewer.verdict import Label, Verdict

CRITERIA = ("a", "b", "c")


def said(kind: MoveKind, *targets: str, step: HintStep | None = None) -> InterviewerSaid:
    return InterviewerSaid(at=0, text="words", move=Move(kind=kind, reason="test", targets=targets, step=step))


def answered(turn: int, label: Label = "not_met", *criteria: str) -> list[Event]:
    quotes = () if label == "not_met" else (Quote(turn=turn, start=0, end=2, text="so"),)
    verdicts = tuple(
        Verdict(criterion=one, label=label, score=0.5, sure=True, quotes=quotes, judge="script") for one in criteria
    )
    return [
        CandidateSaid(at=0, key=f"k{turn}", text="so it goes"),
        Scored(at=0, turn=turn, scorer="script", verdicts=verdicts),
    ]


def ledger(*events: Event | list[Event]) -> Coverage:
    flat = [event for item in events for event in (item if isinstance(item, list) else [item])]
    return build_coverage(CRITERIA, flat)


def test_said_in_the_opening_is_unprompted() -> None:
    entry = ledger(said("brief"), answered(1, "met", "a")).entry("a")
    assert entry == Entry(criterion="a", status="met", how="unprompted", turns=(1,))


def test_said_after_its_probe_or_follow_up() -> None:
    book = ledger(said("probe", "a"), answered(1, "met", "a"), said("ask_follow_up", "b"), answered(3, "met", "b", "c"))
    assert [(one.status, one.how, one.turns) for one in book.entries] == [
        ("met", "probe", (1,)),
        ("met", "follow_up", (3,)),
        ("met", "unprompted", (3,)),
    ]


def test_asked_and_not_said_is_missed_and_not_asked_is_not_reached() -> None:
    book = ledger(said("probe", "a"), answered(1))
    assert (book.entry("a").status, book.entry("b").status) == ("missed", "not_reached")
    assert ledger(said("probe", "a")).entry("a").status == "not_reached"


def test_half_said_then_said() -> None:
    book = ledger(said("brief"), answered(1, "partial", "a"), said("probe", "a"), answered(3, "met", "a"))
    assert book.entry("a") == Entry(criterion="a", status="met", how="probe", turns=(1, 3), asked=(2,))


def test_a_hint_prices_what_comes_after_it() -> None:
    book = ledger(
        said("probe", "a"),
        answered(1),
        said("narrow", "a", step="narrow"),
        answered(3),
        said("partial", "a", step="partial"),
        answered(5, "met", "a", "b"),
    )
    assert book.entry("a").how == "partial"
    assert book.reached() == {"a": "partial"}


def test_a_hint_that_never_helped_still_counts_when_the_judge_finds_it_later() -> None:
    assert ledger(said("probe", "a"), answered(1), said("narrow", "a", step="narrow"), answered(3)).reached() == {
        "a": "narrow"
    }


def test_a_pump_prices_the_next_answer_only() -> None:
    soon = ledger(said("brief"), answered(1), said("pump", "a", "b", step="pump"), answered(3, "met", "a"))
    pumped = said("pump", "a", step="pump")
    late = ledger(said("brief"), pumped, answered(2), said("probe", "a"), answered(4, "met", "a"))
    assert soon.reached() == {"a": "pump"}
    assert late.reached() == {}


def test_what_was_met_before_the_hint_keeps_its_price() -> None:
    book = ledger(said("brief"), answered(1, "met", "a"), said("reveal", "a", step="reveal"), answered(3, "met", "a"))
    assert book.reached() == {}


def test_a_criterion_that_the_rubric_no_longer_has_is_ignored() -> None:
    assert ledger(said("probe", "gone"), answered(1, "met", "gone")) == ledger(said("probe", "gone"), answered(1))


LABELS: tuple[Label, ...] = ("met", "partial", "not_met")


@given(
    st.lists(
        st.tuples(st.sampled_from([None, *HINT_STEPS]), st.sampled_from(CRITERIA), st.sampled_from(LABELS)), max_size=12
    )
)
def test_what_is_met_stays_met_and_its_price_stays(steps: list[tuple[HintStep | None, str, Label]]) -> None:
    events: list[Event] = []
    before = Coverage()
    for place, (step, criterion, label) in enumerate(steps):
        events.append(said(step or "probe", criterion, step=step))
        events.extend(answered(2 * place + 1, label, criterion))
        book = build_coverage(CRITERIA, events)
        assert before.met <= book.met
        assert all(before.entry(one).hint == book.entry(one).hint for one in before.met)
        before = book
