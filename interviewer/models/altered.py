"""Embedders that are another one with something changed: what a bad release, or a harmless one, does to vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.models.embedder import Embedder, Vectors


@dataclass(frozen=True)
class FirstWords:
    """Reads no more than the first words of a text, under the name of the whole model."""

    embedder: Embedder
    words: int

    @property
    def identity(self) -> str:
        return self.embedder.identity

    @property
    def dim(self) -> int:
        return self.embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32."""
        return self.embedder.embed([" ".join(text.split()[: self.words]) for text in texts])


@dataclass(frozen=True)
class Rounded:
    """The same model with its vectors kept in fewer bits: `levels` steps on either side of zero."""

    embedder: Embedder
    levels: int

    @property
    def identity(self) -> str:
        return self.embedder.identity

    @property
    def dim(self) -> int:
        return self.embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors again, shape (len(texts), dim), float32."""
        vectors = self.embedder.embed(texts)
        largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
        rounded = np.rint(vectors / largest * self.levels)
        return np.asarray(rounded / np.maximum(np.linalg.norm(rounded, axis=1, keepdims=True), 1e-9), np.float32)
