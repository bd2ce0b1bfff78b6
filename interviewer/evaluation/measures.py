"""Rank measures per query, and how well a score tells two kinds apart; the only door to ir_measures."""

from collections.abc import Mapping, Sequence

from interviewer.grading.measures import auc

GAINS = {1: 1, 2: 3}
"""Grade -> gain, 2^grade - 1 (Burges et al. 2005)."""
RANK_MEASURES = ("hit@1", "hit@5", "mrr@10", "ndcg@10", "recall@50")


def measure_ranking(
    ranked: Mapping[str, Sequence[str]], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Query -> measure -> value in [0, 1], for rankings (query -> names, best first) against grades (query -> name ->
    1|2).

    `hit@k`: something of grade 1 or more is among the first k; `mrr@10`: reciprocal rank of the first of grade 2;
    `ndcg@10` with the gains 1 and 3; `recall@50`: share of what has grade 2. A query without a ranking counts as
    missed.
    """
    if not grades:
        return {}
    import ir_measures
    from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

    names = dict(zip((Success @ 1, Success @ 5, RR(rel=3) @ 10, nDCG @ 10, R(rel=3) @ 50), RANK_MEASURES, strict=True))
    qrels = [Qrel(query, name, GAINS[grade]) for query, row in grades.items() for name, grade in row.items()]
    run = [
        ScoredDoc(query, name, float(-rank))
        for query, row in ranked.items()
        if query in grades
        for rank, name in enumerate(dict.fromkeys(row))
    ]
    found = {query: dict.fromkeys(RANK_MEASURES, 0.0) for query in grades}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if run else ():
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found


def measure_separation(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Area under the ROC curve in [0, 1]; None where all are of one kind."""
    return auc(list(positive), list(scores))
