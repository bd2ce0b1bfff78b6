"""What an embedder is, whoever makes it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors.

    `identity` is a canonical string such as `minilm-l6-v2-int8@1`; `dim` is the length of a vector.
    """

    identity: str
    dim: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), float32; an empty input gives shape (0, dim)."""
        ...
