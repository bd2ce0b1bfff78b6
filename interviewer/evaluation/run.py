"""Running a retriever over a query set, and what comes out."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple, Protocol

from interviewer.chunk import KeyChunk
from interviewer.evaluation.measures import RankMeasures, measure_ranking, measure_separation
from interviewer.evaluation.queries import Passage, Query
from interviewer.index.found import Found

DEPTH = 10


class Retriever(Protocol):
    """What is evaluated."""

    def find(self, query: str, k: int = DEPTH) -> Found[KeyChunk]:
        """Scenarios and bullets for some words."""
        ...


class QueryOutcome(NamedTuple):
    """A query and what was found: `first` is the best scenario, `answered` whether it was given as the answer."""

    query: Query
    first: int
    answered: bool
    fit: float

    @property
    def right(self) -> bool:
        return self.first in self.query.right


class PassageOutcome(NamedTuple):
    """A passage and the ids of the bullets found for it, best first."""

    passage: Passage
    bullets: tuple[str, ...]


class Evaluation(NamedTuple):
    """All outcomes, with the digest of the index and its engine."""

    queries: tuple[QueryOutcome, ...]
    passages: tuple[PassageOutcome, ...]
    titles: Mapping[int, str]
    manifest: str
    engine: str
    reduced: str


def evaluate(retriever: Retriever, queries: Sequence[Query], passages: Sequence[Passage]) -> Evaluation:
    """Ask the retriever every query and every passage; at least one query or passage is needed."""
    found = [(query, retriever.find(query.query, 1)) for query in queries]
    said = [(passage, retriever.find(passage.text, DEPTH)) for passage in passages]
    sample = (found or said)[0][1]
    return Evaluation(
        queries=tuple(
            QueryOutcome(query, one.ranked[0].scenario, one.scenario is not None, one.fit) for query, one in found
        ),
        passages=tuple(PassageOutcome(passage, bullets_of(one)) for passage, one in said),
        titles={one.scenario: one.title for one in sorted(sample.ranked, key=lambda one: one.scenario)},
        manifest=sample.manifest,
        engine=sample.engine,
        reduced=sample.reduced,
    )


def bullets_of(found: Found[KeyChunk]) -> tuple[str, ...]:
    """Ids of the bullets found, best first, each once."""
    return tuple(dict.fromkeys(bullet for hit in found.hits for bullet in hit.chunk.bullets))


def summarise(evaluation: Evaluation) -> dict[str, Any]:
    """The figures, ready for JSON; None stands where there was nothing to measure.

    `top1` is over queries with a scenario, whatever the fit; `auroc` says how well the fit tells those that some drill
    is about from the others; `abstain` gives the shares at the shipped threshold.
    """
    queries, passages = evaluation.queries, evaluation.passages
    measured = _measure(passages)
    return {
        "top1": _share([one.right for one in queries if one.query.right]),
        "auroc": measure_separation([one.fit for one in queries], [one.query.fit for one in queries]),
        **_named(measured if passages else None),
        "per_scenario": [_scenario_row(evaluation, number, title) for number, title in evaluation.titles.items()],
        "abstain": {
            "right": _share([not one.answered for one in queries if not one.query.fit]),
            "wrong": _share([not one.answered for one in queries if one.query.fit]),
        },
        "one_pass": _one_pass(passages),
        "counts": {
            "queries": len(queries),
            "with_scenario": sum(bool(one.query.right) for one in queries),
            "unanswerable": sum(not one.query.fit for one in queries),
            "passages": len(passages),
        },
        "engine": evaluation.engine,
        "reduced": evaluation.reduced,
        "manifest": evaluation.manifest,
    }


def _scenario_row(evaluation: Evaluation, number: int, title: str) -> dict[str, Any]:
    asked = [one for one in evaluation.queries if one.query.scenario == number]
    said = [one for one in evaluation.passages if any(_scenario_of(b) == number for b in one.passage.bullets)]
    return {
        "scenario": number,
        "title": title,
        "queries": len(asked),
        "top1": _share([one.right for one in asked]),
        "passages": len(said),
        **_named(_measure(said) if said else None),
    }


def _measure(outcomes: Sequence[PassageOutcome]) -> RankMeasures:
    ranked = {one.passage.id: one.bullets for one in outcomes}
    return measure_ranking(ranked, {one.passage.id: one.passage.bullets for one in outcomes})


def _one_pass(outcomes: Sequence[PassageOutcome]) -> dict[str, float | None] | None:
    """The rank measures against the labels of one pass, over the passages that carry them."""
    known = {one.passage.id: one.passage.bullets_one_pass for one in outcomes if one.passage.bullets_one_pass}
    ranked = {one.passage.id: one.bullets for one in outcomes if one.passage.id in known}
    relevant = {name: bullets for name, bullets in known.items() if bullets}
    return _named(measure_ranking(ranked, relevant)) if relevant else None


def _named(measured: RankMeasures | None) -> dict[str, float | None]:
    names = ("hit@1", "hit@5", "mrr@10")
    return dict(zip(names, map(_rounded, measured or (None, None, None)), strict=True))


def _share(hits: Sequence[bool]) -> float | None:
    return _rounded(fmean(hits)) if hits else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _scenario_of(bullet: str) -> int | None:
    """1 for `s01.inspect.2`."""
    number = bullet.partition(".")[0].removeprefix("s")
    return int(number) if number.isdecimal() else None
