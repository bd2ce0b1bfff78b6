"""Making one order out of several."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from interviewer.index.lexical import Scores

Name = TypeVar("Name", bound=Hashable)


def fuse_ranks(rankings: Sequence[Sequence[Name]], k: int) -> dict[Name, float]:
    """Reciprocal rank fusion (Cormack et al. 2009): the sum over rankings of 1 / (k + rank), rank from 1.

    Gives every name that stands in some ranking, best first; equal sums keep the order of first mention. Of a name that
    stands twice in one ranking the better place counts.
    """
    fused: dict[Name, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(dict.fromkeys(ranking), 1):
            fused[name] = fused.get(name, 0.0) + 1.0 / (k + rank)
    return dict(sorted(fused.items(), key=lambda pair: -pair[1]))


def standardise(scores: Scores) -> Scores:
    """Scores as standard deviations from their mean; all zero where they do not differ."""
    spread = scores.std() if scores.size else 0.0
    return np.zeros_like(scores) if spread < 1e-12 else (scores - scores.mean()) / spread


def best_first(scores: Mapping[Name, float]) -> list[Name]:
    """Names by falling score; equal ones keep their order."""
    return sorted(scores, key=lambda name: -scores[name])
