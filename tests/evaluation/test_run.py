"""Figures from a retriever whose answers are known."""

import pytest

from interviewer.chunk import KeyChunk
from interviewer.evaluation.measures import measure_ranking, measure_separation
from interviewer.evaluation.queries import Passage, Query
from interviewer.evaluation.run import evaluate, summarise
from interviewer.index.found import Found, Hit, Ranked


class ScriptedRetriever:
    """Answers `N`, `N?` (unsure) with scenario N, and lists the bullets named after a colon."""

    def find(self, query: str, k: int = 10) -> Found[KeyChunk]:
        asked, _, bullets = query.partition(":")
        number, sure = int(asked.strip("?")), not asked.endswith("?")
        order = [number, *(other for other in (1, 2, 3) if other != number)]
        chunks = [
            KeyChunk(id=one, scenario=1, section="causes", text="t", bullets=(one,), tokens=1)
            for one in bullets.split()
        ]
        return Found[KeyChunk](
            scenario=number if sure else None,
            fit=0.9 if sure else 0.1,
            ranked=tuple(Ranked(scenario=one, title=f"T{one}", score=-place) for place, one in enumerate(order)),
            hits=tuple(Hit[KeyChunk](chunk=chunk, score=1.0) for chunk in chunks[:k]),
            engine="scripted",
            manifest="m",
        )


def query(name: str, words: str, scenario: int | None, *also: int) -> Query:
    return Query(id=name, query=words, scenario=scenario, also=also)


QUERIES = (query("a", "1", 1), query("b", "2", 1), query("c", "3", 1, 3), query("d", "1?", None), query("e", "2", None))
PASSAGES = (
    Passage(id="p", text="1:s01.causes.2 s01.causes.1", bullets=("s01.causes.1",), bullets_one_pass=("s01.causes.2",)),
    Passage(id="q", text="1:s02.causes.1", bullets=("s02.causes.1", "s02.causes.9")),
    Passage(id="r", text="1:", bullets=("s03.causes.1",)),
)


def test_figures() -> None:
    figures = summarise(evaluate(ScriptedRetriever(), QUERIES, PASSAGES))
    assert figures["top1"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["auroc"] == pytest.approx(0.75)
    assert figures["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["hit@5"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["mrr@10"] == pytest.approx(0.5)
    assert figures["abstain"] == {"right": 0.5, "wrong": 0.0}
    assert figures["one_pass"]["hit@1"] == 1.0
    assert figures["counts"] == {"queries": 5, "with_scenario": 3, "unanswerable": 2, "passages": 3}
    assert (figures["manifest"], figures["engine"]) == ("m", "scripted")


def test_table_by_scenario() -> None:
    rows = summarise(evaluate(ScriptedRetriever(), QUERIES, PASSAGES))["per_scenario"]
    assert [row["scenario"] for row in rows] == [1, 2, 3]
    assert rows[0] | {"queries": 3, "passages": 1, "mrr@10": 0.5} == rows[0]
    assert rows[1]["top1"] is None
    assert rows[1]["hit@1"] == 1.0


def test_what_was_not_asked_has_no_figure() -> None:
    figures = summarise(evaluate(ScriptedRetriever(), QUERIES[:1], ()))
    assert figures["top1"] == 1.0
    assert [figures[name] for name in ("auroc", "hit@1", "hit@5", "mrr@10", "one_pass")] == [None] * 5


def test_rank_measures_count_a_missing_ranking_as_missed() -> None:
    measured = measure_ranking({"a": ["x", "y"]}, {"a": ["y"], "b": ["z"]})
    assert measured == (0.0, 0.5, 0.25)


def test_only_the_first_ten_count_for_reciprocal_rank() -> None:
    ranked = {"a": [f"n{number}" for number in range(12)]}
    assert measure_ranking(ranked, {"a": ["n9"]}).mrr_10 == pytest.approx(0.1)
    assert measure_ranking(ranked, {"a": ["n10"]}).mrr_10 == 0.0


def test_separation() -> None:
    assert measure_separation([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert measure_separation([0.5, 0.5], [True, False]) == 0.5
    assert measure_separation([0.5], [True]) is None
