"""Making one order out of several."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from interviewer.index.lexical import Scores


def fuse_ranks(legs: Sequence[Scores], k: int) -> Scores:
    """Reciprocal rank fusion (Cormack et al. 2009): per row the sum over legs of 1 / (k + rank), rank from 1."""
    fused: Scores = np.sum([1.0 / (k + 1 + np.argsort(best_first(leg), kind="stable")) for leg in legs], axis=0)
    return fused


def standardise(scores: Scores) -> Scores:
    """Scores as standard deviations from their mean; all zero where they do not differ."""
    spread = scores.std() if scores.size else 0.0
    return np.zeros_like(scores) if spread < 1e-12 else (scores - scores.mean()) / spread


def best_first(scores: Scores) -> NDArray[np.intp]:
    """Rows by falling score; equal ones keep their order."""
    return np.argsort(-scores, kind="stable")
