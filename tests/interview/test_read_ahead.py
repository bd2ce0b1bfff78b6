"""Reading along: the same text is scored once, drafts leave no trace, and only the latest one matters."""

from threading import Event, Thread

import pytest

from interviewer.interview.keyword_scorer import KeywordScorer
from interviewer.interview.read_ahead import Drafts, ReadAhead
from interviewer.verdict import Verdict
from tests.interview.stage import STRONG, begin, small_cast, small_rubric, talk

SCORER = KeywordScorer(small_rubric().scenario.criteria)


class Counting:
    identity = "counting@1"

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.entered, self.go = Event(), Event()
        self.go.set()

    def score(self, text: str) -> tuple[Verdict, ...]:
        self.texts.append(text)
        self.entered.set()
        assert self.go.wait(10)
        if text == "fault":
            raise ValueError(text)
        return SCORER.score(text)


def test_it_scores_as_its_scorer_does_and_each_text_once() -> None:
    inner = Counting()
    ahead = ReadAhead(inner)
    assert ahead.score(STRONG) == ahead.score(STRONG) == SCORER.score(STRONG)
    assert inner.texts == [STRONG]


def test_the_oldest_texts_are_forgotten() -> None:
    inner = Counting()
    ahead = ReadAhead(inner, kept=2)
    for text in ("a", "b", "c", "a"):
        ahead.score(text)
    assert inner.texts == ["a", "b", "c", "a"]


def test_who_comes_while_it_is_scored_waits_for_that() -> None:
    inner = Counting()
    inner.go.clear()
    ahead = ReadAhead(inner)
    found: list[tuple[Verdict, ...]] = []
    first = Thread(target=lambda: found.append(ahead.score(STRONG)))
    first.start()
    assert inner.entered.wait(10)
    second = Thread(target=lambda: found.append(ahead.score(STRONG)))
    second.start()
    inner.go.set()
    first.join(10)
    second.join(10)
    assert found[0] == found[1]
    assert inner.texts == [STRONG]


def test_a_fault_is_not_remembered() -> None:
    inner = Counting()
    ahead = ReadAhead(inner)
    for _ in range(2):
        with pytest.raises(ValueError, match="fault"):
            ahead.score("fault")
    assert inner.texts == ["fault", "fault"]


def test_a_draft_leaves_no_trace() -> None:
    cast = small_cast()
    session = begin(cast)
    before = cast.log.read(session.id)
    session.read_ahead(STRONG)
    session.read_ahead("x" * 9000)
    assert cast.log.read(session.id) == before
    plain = begin(small_cast())
    assert talk(session, [STRONG]) == talk(plain, [STRONG])


def test_drafts_that_come_too_fast_are_passed_over_and_the_last_one_is_read() -> None:
    seen: list[str] = []
    entered, go, done = Event(), Event(), Event()

    def read(draft: str) -> None:
        seen.append(draft)
        entered.set()
        assert go.wait(10)
        if draft == "last":
            done.set()

    drafts = Drafts(read)
    drafts.show("first")
    assert entered.wait(10)
    for number in range(20):
        drafts.show(f"draft {number}")
    drafts.show("last")
    go.set()
    assert done.wait(10)
    assert seen == ["first", "last"]
