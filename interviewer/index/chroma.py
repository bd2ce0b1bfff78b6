"""Vectors in Chroma, in this process; the only door to chromadb.

Chroma never embeds (it would download a model) and never serves: the Python server has an unfixed remote hole. A store
that was built is not written again, and is opened as a private copy, because a second opener of one folder can damage
or hang it (chroma-core #7040, #7238) and because opening writes. How it breaks, measured: design/002-index.md.
"""

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from interviewer.errors import IndexBrokenError
from interviewer.models.embedder import Vectors
from interviewer.privacy import silence_telemetry

CANARY = "canary/"
# Searched widely enough to be exact on documents of this size; stored in the collection.
_GRAPH = {"space": "cosine", "ef_construction": 200, "ef_search": 600, "max_neighbors": 32}
_BATCH = 2000  # Chroma refuses more than 5,461 at once


class Group(NamedTuple):
    """A collection: its name, ids, and one unit vector per id."""

    name: str
    ids: Sequence[str]
    vectors: Vectors


def canary_vector(nonce: str, dim: int) -> Vectors:
    """The unit vector that stands for a nonce."""
    seed = int.from_bytes(sha256(nonce.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=dim)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def write_store(folder: Path, groups: Sequence[Group], nonce: str) -> None:
    """A new store with one collection per group, each with the canary of the nonce among its vectors."""
    client = _open_client(folder)
    try:
        for group in groups:
            _write_group(client, group, nonce)
    finally:
        client.close()


def _write_group(client: Any, group: Group, nonce: str) -> None:
    collection = client.create_collection(group.name, embedding_function=None, configuration={"hnsw": _GRAPH})
    ids = [*group.ids, CANARY + nonce]
    vectors = np.concatenate([group.vectors, canary_vector(nonce, group.vectors.shape[1])[None]])
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        collection.add(ids=ids[part], embeddings=vectors[part])


def _open_client(folder: Path) -> Any:
    silence_telemetry()
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


class ChromaStore:
    """A store opened as a private copy; `close` removes the copy."""

    def __init__(self, folder: Path) -> None:
        """Open the store in a folder.

        Raises:
            IndexBrokenError: Chroma cannot open it, or it is not a store.
        """
        copy = Path(tempfile.mkdtemp(prefix="interviewer-index-"))
        # a service that serves to its end never closes its store: the copy goes with the process at the latest
        self._remove = weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)
        try:
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            self._client = _open_client(copy)
        except Exception as error:  # chromadb raises what its layers raise
            self._remove()
            raise IndexBrokenError(f"Chroma cannot open it ({type(error).__name__}).", where=str(folder)) from error
        self._folder = folder

    def search(self, name: str) -> "ChromaSearch":
        """The search over one collection.

        Raises:
            IndexBrokenError: there is no such collection.
        """
        try:
            return ChromaSearch(self, self._client.get_collection(name, embedding_function=None), str(self._folder))
        except Exception as error:
            raise IndexBrokenError(f"Chroma has no collection {name!r}.", where=str(self._folder)) from error

    def close(self) -> None:
        """Close Chroma and remove the private copy; a second call does nothing."""
        self._client.close()
        self._remove()


class ChromaSearch:
    """Cosine to the vectors of one collection; the canary is never among the results."""

    engine = "chroma"

    def __init__(self, store: ChromaStore, collection: Any, where: str) -> None:
        self._store = store
        self._collection = collection
        self._where = where
        self._size: int | None = None  # a store that was built is not written again

    def count(self) -> int:
        """How many vectors Chroma says that it has, the canary included."""
        return int(self._collection.count())

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """(id, cosine) of the `k` nearest, best first.

        Raises:
            IndexBrokenError: Chroma fails at the query.
        """
        found = self._query(vector, k + 1)
        return [pair for pair in found if not pair[0].startswith(CANARY)][:k]

    def finds_canary(self, nonce: str, dim: int) -> bool:
        """Whether the canary is the nearest vector to itself."""
        found = self._query(canary_vector(nonce, dim), 1)
        return bool(found) and found[0][0] == CANARY + nonce

    def close(self) -> None:
        """Close the whole store."""
        self._store.close()

    def _query(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        try:
            self._size = self.count() if self._size is None else self._size
            wanted = min(k, self._size)
            answer: Mapping[str, Any] = self._collection.query(
                query_embeddings=vector[None], n_results=wanted, include=["distances"]
            )
        except Exception as error:
            raise IndexBrokenError(f"Chroma cannot search it ({type(error).__name__}).", where=self._where) from error
        return [(name, 1.0 - float(far)) for name, far in zip(answer["ids"][0], answer["distances"][0], strict=True)]
