"""all-MiniLM-L6-v2 in int8, run by onnxruntime; the only door to onnxruntime and tokenizers.

The files ship with the package and are verified at load; nothing is ever downloaded. How they were made, and why a
vector does not depend on its batch companions: `tools/export_minilm.py`, `tools/rowwise_int8.py`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from interviewer.models.embedder import Vectors
from interviewer.shipped import read_verified

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ASSETS = Path(__file__).parent / "assets/minilm"
SHA256 = {
    "model_int8.onnx": "131ea7131b8f8ca555e1e91d3a57255f54aceed70882aea12fc74b9e3a891b79",
    "tokenizer.json": "5fd1c882abbd30517dced455a2c9768945ec726b96727927e4959348d9de550b",
}
MAX_TOKENS = 256
# No 256 tokens of real text are this long; it keeps a pasted log from being tokenized to its end.
MAX_CHARACTERS = 32_768
BATCH = 16
# Longest over shortest row of a batch; of 1 (no padding), 1.2, 1.5, 2 and no limit the cheapest on people's answers.
PADDED = 1.5


class MiniLM:
    """Embedder of English sentences; 384 dimensions, texts beyond 256 tokens are cut off.

    Files are read at the first `embed` of something. Deterministic; a vector is the same to 1e-6 in any batch and
    order. One thread per call, and safe to call from several threads.
    """

    identity = "minilm-l6-v2-int8@1"
    dim = 384

    def __init__(self, assets: Path = ASSETS) -> None:
        self._assets = assets
        self._lock = Lock()
        self._loaded: tuple[Tokenizer, Any] | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), 384), float32; an empty input gives shape (0, 384) and loads nothing.

        Raises:
            ShippedDataError: a model file is missing or its hash differs from the pinned one.
        """
        vectors = np.zeros((len(texts), self.dim), np.float32)
        if not texts:
            return vectors
        tokenizer, session = self._load()
        rows = [encoding.ids for encoding in tokenizer.encode_batch_fast([_clean(text) for text in texts])]
        for chosen in _similar_lengths(rows):
            ids, mask = _pad([rows[index] for index in chosen])
            vectors[chosen] = session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def _load(self) -> "tuple[Tokenizer, Any]":
        with self._lock:
            if self._loaded is None:
                model = self._assets / "model_int8.onnx"
                self._loaded = (_open_tokenizer(self._assets), _open_session(model, SHA256["model_int8.onnx"]))
            return self._loaded


class TokenStates:
    """A tuned MiniLM that gives the states of single tokens; the tokenizer is the shipped one.

    Args:
        model: ONNX file with `input_ids`, `attention_mask` -> `states`.
        digest: its SHA-256.
    """

    dim = 384
    cls, sep = 101, 102

    def __init__(self, model: Path, digest: str) -> None:
        self._model, self._digest = model, digest
        self._lock = Lock()
        self._loaded: tuple[Tokenizer, Any] | None = None

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, without the special ones."""
        tokenizer, _ = self._load()
        encoded = tokenizer.encode_batch_fast([_clean(text) for text in texts], add_special_tokens=False)
        return [one.ids for one in encoded]

    def states(self, rows: Sequence[Sequence[int]]) -> list[Vectors]:
        """States of the tokens of each row (special ones included), shape (len(row), 384), float32.

        Raises:
            ShippedDataError: the model file is missing or its hash differs.
        """
        _, session = self._load()
        found: list[Vectors] = [np.zeros((0, self.dim), np.float32)] * len(rows)
        for chosen in _similar_lengths(rows) if rows else ():
            ids, mask = _pad([rows[index] for index in chosen])
            states = session.run(["states"], {"input_ids": ids, "attention_mask": mask})[0]
            for place, index in enumerate(chosen):
                found[index] = states[place, : len(rows[index])]
        return found

    def _load(self) -> "tuple[Tokenizer, Any]":
        with self._lock:
            if self._loaded is None:
                self._loaded = (_open_tokenizer(ASSETS), _open_session(self._model, self._digest))
            return self._loaded


def _open_tokenizer(assets: Path) -> "Tokenizer":
    content = read_verified(assets / "tokenizer.json", SHA256["tokenizer.json"])
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(content.decode())
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _open_session(model: Path, digest: str) -> Any:
    content = read_verified(model, digest)
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _clean(text: str) -> str:
    """Text that the tokenizer accepts: of bounded length, lone surrogates replaced."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode()


def _similar_lengths(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Indices in batches of similar length: what is padded costs as much as what is not."""
    batch: list[int] = []
    for index in sorted(range(len(rows)), key=lambda index: len(rows[index])):
        if batch and (len(batch) == BATCH or len(rows[index]) > PADDED * len(rows[batch[0]])):
            yield batch
            batch = []
        batch.append(index)
    yield batch


def _pad(rows: Sequence[Sequence[int]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Token ids and attention mask, both int64 of shape (len(rows), longest row)."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask
