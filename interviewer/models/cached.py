"""An embedder that remembers: a text is embedded once."""

from collections.abc import Sequence

import numpy as np

from interviewer.models.embedder import Embedder, Vectors


class CachedEmbedder:
    """The vectors of another embedder, each kept for good; for runs that ask for the same texts again and again."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity, self.dim = embedder.identity, embedder.dim
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known |= dict(zip(missing, self._embedder.embed(missing), strict=True))
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dim), np.float32)
