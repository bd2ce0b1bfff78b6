"""Exact search over all vectors: the reference that Chroma is held against, and what is left when Chroma fails."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from interviewer.models.embedder import Vectors


class VectorSearch(Protocol):
    """Finds the nearest of a fixed set of named vectors; `engine` names it in results."""

    engine: str

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """(id, cosine) of the `k` nearest, best first; fewer when there are fewer."""
        ...

    def close(self) -> None:
        """Give back what the search holds on disk or in memory."""
        ...


class ExactSearch:
    """Cosine to every vector, by numpy; ties keep the order of the ids."""

    engine = "exact"

    def __init__(self, ids: Sequence[str], vectors: Vectors) -> None:
        self._ids = tuple(ids)
        self._vectors = vectors

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """(id, cosine) of the `k` nearest, best first."""
        cosines = self._vectors @ vector
        order = np.argsort(-cosines, kind="stable")[:k]
        return [(self._ids[row], float(cosines[row])) for row in order]

    def close(self) -> None:
        """Nothing is held."""
