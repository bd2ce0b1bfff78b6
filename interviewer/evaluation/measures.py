"""Rank measures, and how well a score tells two kinds apart; the only door to ir_measures."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from interviewer.grading.measures import auc


class RankMeasures(NamedTuple):
    """Means over queries, each in [0, 1]: success at 1 and at 5, and reciprocal rank within the first 10."""

    hit_1: float
    hit_5: float
    mrr_10: float


def measure_ranking(ranked: Mapping[str, Sequence[str]], relevant: Mapping[str, Sequence[str]]) -> RankMeasures:
    """Measures of rankings (query id -> names, best first) against what is right (query id -> names).

    A query without a ranking counts as missed. Without any query all are 0.
    """
    if not relevant:
        return RankMeasures(0.0, 0.0, 0.0)
    import ir_measures
    from ir_measures import RR, Qrel, ScoredDoc, Success

    qrels = [Qrel(query, name, 1) for query, names in relevant.items() for name in dict.fromkeys(names)]
    run = [
        ScoredDoc(query, name, float(-rank))
        for query, names in ranked.items()
        if query in relevant
        for rank, name in enumerate(dict.fromkeys(names))
    ]
    measures = (Success @ 1, Success @ 5, RR @ 10)
    found = ir_measures.calc_aggregate(measures, qrels, run) if run else {}
    return RankMeasures(*(float(found.get(measure, 0.0)) for measure in measures))


def measure_separation(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Area under the ROC curve in [0, 1]; None where all are of one kind."""
    return auc(list(positive), list(scores))
