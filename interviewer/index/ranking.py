"""From similarities to an order: which scenario some words are about, whether any, and which bullets.

Pure functions over numbers. How each constant was chosen: design/002-index.md.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from interviewer.index.fusion import best_first, fuse_ranks, standardise
from interviewer.index.lexical import Scores
from interviewer.manifest import RankingDigest

FIT_THRESHOLD = 0.5
# Logistic regression: bias, best cosine to a public chunk, mean of a scenario's best, best to a wording that fits none.
FIT_BIAS, FIT_BEST, FIT_MEAN, FIT_OUTSIDE = -7.8, 16.8, 4.0, -4.0
SHARED_WORDS_THRESHOLD = 0.34  # without vectors: share of the words that the best scenario must know


@dataclass(frozen=True)
class Ranking:
    """How results are ordered.

    `rank_constant`: of reciprocal rank fusion; `candidates`: how many passages of the fused list are put in their final
    order; `pool`: how many neighbours are asked for per collection; `lexical_weight`: of the leg of words beside that
    of vectors, in the final order; `nearest_public`, `nearest_key`: how many chunks speak for a scenario.
    """

    rank_constant: int = 10
    candidates: int = 50
    pool: int = 512
    lexical_weight: float = 0.7
    nearest_public: int = 1
    nearest_key: int = 3

    @property
    def digest(self) -> RankingDigest:
        fit = f"{FIT_BIAS} {FIT_BEST} {FIT_MEAN} {FIT_OUTSIDE} {FIT_THRESHOLD}"
        return RankingDigest(identity="hybrid-ranking@1", parameters=asdict(self) | {"fit": fit})


DEFAULT = Ranking()


def mean_of_best(cosines: Scores, count: int) -> float:
    """Mean of the `count` highest; -1 where there is none."""
    return float(np.sort(cosines)[::-1][:count].mean()) if cosines.size else -1.0


def blend(legs: Sequence[Scores]) -> Scores:
    """The sum of the standardised legs: each counts alike, whatever its scale."""
    return np.asarray(np.sum([standardise(leg) for leg in legs], axis=0), np.float64)


def order_passages(dense: Scores, lexical: Scores, ranking: Ranking = DEFAULT) -> list[tuple[int, float]]:
    """(row, score), best first: reciprocal rank fusion of the legs chooses candidates, their blend orders them."""
    fused = fuse_ranks((dense, lexical), ranking.rank_constant)
    by_dense = best_first(dense)  # equal sums keep the order of the leg of vectors
    chosen = by_dense[best_first(fused[by_dense])][: ranking.candidates]
    blended = standardise(dense) + ranking.lexical_weight * standardise(lexical)
    ordered = chosen[best_first(blended[chosen])]
    return list(zip(ordered.tolist(), blended[ordered].tolist(), strict=True))


def fit_of(best: float, mean: float, outside: float) -> float:
    """How surely some drill is about the words, in [0, 1]; arguments are cosines."""
    return 1.0 / (1.0 + math.exp(-(FIT_BIAS + FIT_BEST * best + FIT_MEAN * mean + FIT_OUTSIDE * outside)))
