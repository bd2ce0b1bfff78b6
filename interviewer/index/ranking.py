"""From similarities to an order: which scenario some words are about, whether any, and which bullets.

Pure functions over numbers. How each constant was chosen: design/002-index.md.
"""

import math
from collections.abc import Sequence

import numpy as np

from interviewer.index.fusion import best_first, fuse_ranks, standardise
from interviewer.index.lexical import Scores
from interviewer.manifest import RankingDigest

RANK_CONSTANT = 10  # of reciprocal rank fusion
CANDIDATES = 50  # how many bullets of the fused list are put in their final order
POOL = 512  # how many neighbours are asked for per collection
LEXICAL_WEIGHT = 0.7  # of the leg of words beside that of vectors, in the final order of bullets
NEAREST_PUBLIC, NEAREST_KEY = 1, 3  # how many chunks speak for a scenario
FIT_THRESHOLD = 0.5
# Logistic regression: bias, best cosine to a public chunk, mean of a scenario's best, best to a wording that fits none.
FIT_BIAS, FIT_BEST, FIT_MEAN, FIT_OUTSIDE = -7.8, 16.8, 4.0, -4.0
SHARED_WORDS_THRESHOLD = 0.34  # without vectors: share of the words that the best scenario must know

RANKING = RankingDigest(
    identity="hybrid-ranking@1",
    parameters={
        "rank_constant": RANK_CONSTANT,
        "candidates": CANDIDATES,
        "pool": POOL,
        "lexical_weight": LEXICAL_WEIGHT,
        "nearest_public": NEAREST_PUBLIC,
        "nearest_key": NEAREST_KEY,
        "fit": f"{FIT_BIAS} {FIT_BEST} {FIT_MEAN} {FIT_OUTSIDE} {FIT_THRESHOLD}",
    },
)


def mean_of_best(cosines: Scores, count: int) -> float:
    """Mean of the `count` highest; -1 where there is none."""
    return float(np.sort(cosines)[::-1][:count].mean()) if cosines.size else -1.0


def blend(legs: Sequence[Scores]) -> Scores:
    """The sum of the standardised legs: each counts alike, whatever its scale."""
    return np.asarray(np.sum([standardise(leg) for leg in legs], axis=0), np.float64)


def order_passages(dense: Scores, lexical: Scores) -> list[tuple[int, float]]:
    """(row, score), best first: reciprocal rank fusion of the legs chooses candidates, their blend orders them."""
    rankings = [best_first(dict(enumerate(leg))) for leg in (dense, lexical)]
    chosen = list(fuse_ranks(rankings, RANK_CONSTANT))[:CANDIDATES]
    blended = standardise(dense) + LEXICAL_WEIGHT * standardise(lexical)
    return sorted(((row, float(blended[row])) for row in chosen), key=lambda pair: -pair[1])


def fit_of(best: float, mean: float, outside: float) -> float:
    """How surely some drill is about the words, in [0, 1]; arguments are cosines."""
    return 1.0 / (1.0 + math.exp(-(FIT_BIAS + FIT_BEST * best + FIT_MEAN * mean + FIT_OUTSIDE * outside)))
