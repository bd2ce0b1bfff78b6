"""Numbers about one criterion in the space of the judge's own encoder; its best window is the quote."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Row = NDArray[np.float64]
FIT_FEATURES = (
    "fit", "fit_margin", "quoted", "quoted_3", "refused", "refused_3", "halved", "contrast", "contrast_gap",
)  # fmt: skip


@dataclass(frozen=True)
class Wordings:
    """People's wordings for one criterion, shape (n, dim) each: met it, met it in part, only came near."""

    met: Vectors
    partial: Vectors
    near: Vectors


def describe_fits(vectors: Vectors, fits: Row, wordings: Sequence[Wordings]) -> list[tuple[Row, int]]:
    """Per criterion the features (in the order of `FIT_FEATURES`) and the index of its best window.

    Args:
        vectors: of the windows, shape (n, dim).
        fits: logits, shape (n, criteria).
    """
    return [_describe(vectors, fits, place, one) for place, one in enumerate(wordings)]


def _describe(vectors: Vectors, fits: Row, place: int, wordings: Wordings) -> tuple[Row, int]:
    best = int(np.argmax(fits[:, place]))
    rivals = np.delete(fits[best], place)
    met, near = _top(vectors, wordings.met), _top(vectors, wordings.near)
    contrast = met[1] - 0.5 * near[1]
    values = (
        fits[best, place],
        fits[best, place] - (rivals.max() if len(rivals) else fits[best, place]),
        met[0][best], met[1][best], near[0][best], near[1][best], _top(vectors, wordings.partial)[0][best],
        contrast.max(), contrast.max() - contrast[best],
    )  # fmt: skip
    return np.array(values, float), best


def _top(vectors: Vectors, wordings: Vectors) -> tuple[Row, Row]:
    """Largest cosine of each window to a wording, and the mean of its three largest; zeros without wordings."""
    if not len(wordings):
        return np.zeros(len(vectors)), np.zeros(len(vectors))
    cosines = np.sort(vectors @ wordings.T, axis=1)[:, -3:].astype(float)
    return cosines[:, -1], cosines.mean(axis=1)
