"""Embedders that are another one with something changed: what a bad release, or a harmless one, does to vectors."""

from collections.abc import Sequence

import numpy as np

from interviewer.models.embedder import Embedder, Vectors


class FirstWords:
    """Reads no more than the first words of a text, under the name of the whole model."""

    def __init__(self, embedder: Embedder, words: int) -> None:
        self._embedder, self._words = embedder, words
        self.identity, self.dim = embedder.identity, embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32."""
        return self._embedder.embed([" ".join(text.split()[: self._words]) for text in texts])


class Rounded:
    """The same model with its vectors kept in fewer bits: `levels` steps on either side of zero."""

    def __init__(self, embedder: Embedder, levels: int) -> None:
        self._embedder, self._levels = embedder, levels
        self.identity, self.dim = embedder.identity, embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors again, shape (len(texts), dim), float32."""
        vectors = self._embedder.embed(texts)
        largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
        rounded = np.rint(vectors / largest * self._levels)
        return np.asarray(rounded / np.maximum(np.linalg.norm(rounded, axis=1, keepdims=True), 1e-9), np.float32)
