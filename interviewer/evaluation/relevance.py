"""The labels of an eval set as words of the reference document, and what retrieved passages are worth by them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from interviewer.evaluation.evalset import EvalQuery, EvalSet
from interviewer.evaluation.measures import measure_ranking
from interviewer.evaluation.retrieval import Passage, Retrieved, context_of
from interviewer.evaluation.spans import Reference, coverage

COVERED = 0.5  # share of a labelled span that a chunk must cover to count as that passage
JUDGED_DEPTH = 10

Values = dict[str, float | None]
"""Measure -> value in [0, 1], higher is better; None where the measure does not apply to the query."""


@dataclass(frozen=True)
class Label:
    """A labelled passage: id, grade (1 or 2) and the words it consists of."""

    bullet: str
    grade: int
    words: frozenset[int]


class Labels:
    """Labels by query id."""

    def __init__(self, evalset: EvalSet, reference: Reference) -> None:
        self._by_query: dict[str, list[Label]] = {query.id: [] for query in evalset.queries}
        for row in evalset.qrels:
            words = reference.words_between(row.start, row.end)
            self._by_query.setdefault(row.query, []).append(Label(row.bullet, row.grade, words))

    def of(self, query: str) -> Sequence[Label]:
        return self._by_query.get(query, ())

    def grades(self, query: str) -> Mapping[str, int]:
        return {label.bullet: label.grade for label in self.of(query)}


def measure_retrieval(
    queries: Sequence[EvalQuery], labels: Labels, retrieved: Mapping[str, Retrieved]
) -> dict[str, Values]:
    """Query -> measures, for queries that were answered without error; the others are missing: coverage, not a
    value."""
    asked = [query for query in queries if query.id in retrieved and not retrieved[query.id].error]
    answerable = [query for query in asked if query.answerable]
    ranked = {query.id: list(_names(retrieved[query.id].passages, labels.of(query.id))) for query in answerable}
    by_rank = measure_ranking(ranked, {query.id: labels.grades(query.id) for query in answerable})
    return {
        query.id: {**_own(query, retrieved[query.id], labels.of(query.id)), **by_rank.get(query.id, {})}
        for query in asked
    }


def _own(query: EvalQuery, found: Retrieved, labels: Sequence[Label]) -> Values:
    first = found.passages[:JUDGED_DEPTH]
    values: Values = {
        "nonempty": float(bool(found.passages)),
        "judged@10": fmean(bool(one.words) for one in first) if first else None,
    }
    if query.right:
        values["right_scenario"] = float(found.first in query.right)
    if query.answerable:
        relevant = frozenset[int]().union(*(label.words for label in labels))
        context = context_of(found.passages)
        values["context_recall"] = coverage(frozenset[int]().union(*(one.words for one in context)), relevant)
        values["context_precision"] = _precision(context, relevant)
    return values


def _precision(context: Sequence[Passage], relevant: frozenset[int]) -> float:
    """Share of the context's tokens that belong to labelled passages."""
    tokens = sum(one.tokens for one in context)
    return sum(one.tokens * coverage(relevant, one.words) for one in context) / tokens if tokens else 0.0


def _names(passages: Sequence[Passage], labels: Sequence[Label]) -> Iterator[str]:
    """What stands at each rank: the labelled passages that a chunk covers, at its first place, or the chunk itself."""
    seen: set[str] = set()
    for passage in passages:
        covered = [label.bullet for label in labels if coverage(passage.words, label.words) >= COVERED]
        yield from (bullet for bullet in covered if bullet not in seen)
        if not covered:
            yield f"~{passage.id}"
        seen.update(covered)
