"""An embedder without weights: hashed words. A shipped double, and the floor that a learnt embedder has to beat."""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from interviewer.models.embedder import Vectors

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Unit vectors of signed, hashed word counts (feature hashing, Weinberger et al. 2009); deterministic.

    Texts that share words are near; a text without words gives the first axis, so that every vector has length 1.
    """

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.identity = f"hashing-{dim}@1"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                number = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")
                vectors[row, number % self.dim] += 1.0 if number >> 63 else -1.0
        vectors[~vectors.any(axis=1), 0] = 1.0
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
