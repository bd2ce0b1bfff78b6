"""Measures of single queries, worked out by hand."""

import pytest

from interviewer.errors import IndexBrokenError
from interviewer.evaluation.evalset import EvalQrel, EvalQuery, EvalSet, Kind, Said
from interviewer.evaluation.measures import measure_ranking, measure_separation
from interviewer.evaluation.relevance import Labels, Values, measure_retrieval
from interviewer.evaluation.retrieval import Passage, Retrieved, context_of, retrieve, search_words
from interviewer.evaluation.spans import Alignment, Reference
from interviewer.index.found import Found

SOURCE = "one two three four five six seven eight nine ten"
REFERENCE = Reference(SOURCE)
QUERY = EvalQuery(id="q", scenario=1, kind=Kind.DIRECT, text="words", also=(2,))
NOTHING = EvalQuery(id="n", scenario=None, kind=Kind.UNANSWERABLE, text="bread")


def qrel(start: int, end: int, bullet: str, grade: int) -> EvalQrel:
    return EvalQrel.model_validate(
        {"query": "q", "doc": "d", "start": start, "end": end, "bullet": bullet, "section": "s", "grade": grade}
    )


# b1 is "one two three four", b2 is "nine ten"
EVALSET = EvalSet((QUERY, NOTHING), (qrel(0, 18, "b1", 2), qrel(40, 48, "b2", 1)), (), ())


def passage(name: str, *covered: int, tokens: int = 4) -> Passage:
    return Passage(id=name, text=name, tokens=tokens, words=frozenset(covered))


def measured(*passages: Passage, first: int = 1) -> Values:
    found = {"q": Retrieved(query="q", first=first, passages=passages)}
    return measure_retrieval(EVALSET.queries, Labels(EVALSET, REFERENCE), found)["q"]


def test_half_of_a_span_counts_as_that_passage_and_less_does_not() -> None:
    assert measured(passage("half", 0, 1))["hit@1"] == 1.0
    assert measured(passage("less", 0))["hit@1"] == 0.0


def test_a_passage_that_comes_twice_counts_once() -> None:
    values = measured(passage("a", 0, 1), passage("b", 2, 3), passage("c", 8, 9))
    assert values["ndcg@10"] == 1.0


def test_grade_two_decides_the_reciprocal_rank() -> None:
    values = measured(passage("c", 8, 9), passage("x", 5), passage("a", 0, 1, 2, 3))
    assert values["mrr@10"] == pytest.approx(1 / 3)
    assert values["hit@1"] == 1.0
    assert 0.5 < (values["ndcg@10"] or 0) < 1.0


def test_context_is_measured_in_words_and_tokens() -> None:
    values = measured(passage("a", 0, 1, 2, 3), passage("x", 4, 5, tokens=12))
    assert values["context_recall"] == pytest.approx(4 / 6)
    assert values["context_precision"] == pytest.approx(4 / 16)


def test_text_outside_the_document_is_unjudged() -> None:
    assert measured(passage("a", 0), passage("gone"))["judged@10"] == 0.5


def test_nothing_found_is_a_miss_and_not_a_gap() -> None:
    values = measured()
    assert (values["nonempty"], values["hit@5"], values["context_precision"], values["judged@10"]) == (0, 0, 0, None)


def test_another_right_scenario_is_right_too() -> None:
    assert [measured(first=number)["right_scenario"] for number in (1, 2, 3)] == [1.0, 1.0, 0.0]


def test_unanswerable_queries_have_no_relevance() -> None:
    found = {"n": Retrieved(query="n", first=3, passages=(passage("a", 0),))}
    values = measure_retrieval(EVALSET.queries, Labels(EVALSET, REFERENCE), found)["n"]
    assert set(values) == {"nonempty", "judged@10"}


class Failing:
    """Fails at every query but one."""

    def find(self, query: str, k: int = 50) -> Found:  # type: ignore[type-arg]
        if query == "words":
            raise IndexBrokenError("gone.")
        return Found(scenario=None, fit=0.1, ranked=(), hits=(), engine="none", manifest="")


def test_a_query_that_fails_is_missing_and_the_rest_goes_on() -> None:
    found = retrieve(Failing(), EVALSET.queries, Alignment(SOURCE, REFERENCE), iter(range(9)).__next__)
    assert [one.error for one in found] == ["gone.", ""]
    by_query = {one.query: one for one in found}
    assert set(measure_retrieval(EVALSET.queries, Labels(EVALSET, REFERENCE), by_query)) == {"n"}


def test_a_follow_up_is_searched_for_with_what_was_said_before() -> None:
    said = tuple(Said(speaker="candidate", text=text) for text in ("first", "second", "third"))
    asked = EvalQuery(id="f", scenario=1, kind=Kind.FOLLOW_UP, text="and then?", history=said)
    assert search_words(asked) == "second third and then?"


def test_context_stops_at_its_budget() -> None:
    assert len(context_of([passage(str(number)) for number in range(20)])) == 8
    assert len(context_of([passage(str(number), tokens=150) for number in range(20)])) == 2


def test_rankings() -> None:
    rows = measure_ranking({"a": ["x", "y"]}, {"a": {"y": 2}, "b": {"z": 1}})
    assert rows["a"] | {"hit@1": 0.0, "hit@5": 1.0, "mrr@10": 0.5} == rows["a"]
    assert set(rows["b"].values()) == {0.0}
    assert measure_ranking({}, {}) == {}


def test_separation() -> None:
    assert measure_separation([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert measure_separation([0.5], [True]) is None
