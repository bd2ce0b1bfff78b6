"""What the embedded judge compares with: vectors of people's own wordings per criterion, and of the rubric's texts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.errors import ShippedDataError
from interviewer.models.embedder import Embedder, Vectors
from interviewer.rubric import Criterion
from interviewer.shipped import read_verified

FOLDER = Path(__file__).with_name("assets") / "embedded-judge-1"
SCALE = 127.0
MET, PARTIAL, NEAR = 0, 1, 2


@dataclass(frozen=True)
class Examples:
    """Vectors for one criterion, shape (n, dim) each: wordings that met it, met it in part, came near and did not.

    `prior` is the log odds of being met among the training transcripts, 0 where unknown; `learnt` says whether people's
    wordings are among the examples or only the rubric's own.
    """

    met: Vectors
    partial: Vectors
    near: Vectors
    prior: float
    learnt: bool


@dataclass
class TextVectors:
    """Vectors of texts: shipped ones by the hash of the text, others embedded once and remembered."""

    embedder: Embedder
    known: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def of(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        missing = [text for text in dict.fromkeys(texts) if text_key(text) not in self.known]
        if missing:
            self.known |= dict(zip(map(text_key, missing), self.embedder.embed(missing), strict=True))
        rows = [self.known[text_key(text)] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.embedder.dim), np.float32)


@dataclass(frozen=True)
class BankRows:
    """Examples as columns of equal length n.

    `vectors`: int8, shape (n, dim), unit length times 127; `criterion` and `source`: int16 indices into `criteria` and
    `sources`; `kind`: int8, one of `MET`, `PARTIAL`, `NEAR`. `priors`: criterion -> log odds of being met in training.
    """

    vectors: NDArray[np.int8]
    criterion: NDArray[np.int16]
    kind: NDArray[np.int8]
    source: NDArray[np.int16]
    criteria: Sequence[str]
    sources: Sequence[str]
    priors: Mapping[str, float]


class Bank:
    """Examples of every criterion. Those that come from the transcript being judged are left out."""

    def __init__(self, rows: BankRows) -> None:
        self._rows = rows
        self._places = {name: np.flatnonzero(rows.criterion == number) for number, name in enumerate(rows.criteria)}
        self._sources = {name: number for number, name in enumerate(rows.sources)}

    def knows(self, transcript: str) -> bool:
        """Whether a transcript of that id gave examples."""
        return transcript in self._sources

    def examples(self, criterion: Criterion, bullet: str, texts: TextVectors, leave_out: str) -> Examples:
        """The examples of a criterion, without those of the transcript `leave_out`.

        The drill's own words for it (`bullet`) and the statement count as met: people's quotes alone taught that
        whoever speaks like the book is a name-dropper.
        """
        own = texts.of(criterion.accepted or (criterion.statement,))
        near = texts.of(criterion.near_misses)
        places = self._places.get(criterion.bullet)
        if places is None or not len(places):
            return Examples(met=own, partial=near[:0], near=near, prior=0.0, learnt=False)
        rows = self._rows
        places = places[rows.source[places] != self._sources.get(leave_out, -1)]
        kinds = rows.kind[places]
        return Examples(
            met=np.concatenate(
                [unpack(rows.vectors[places[kinds == MET]]), own, texts.of([bullet, criterion.statement])]
            ),
            partial=unpack(rows.vectors[places[kinds == PARTIAL]]),
            near=np.concatenate([unpack(rows.vectors[places[kinds == NEAR]]), near]),
            prior=rows.priors.get(criterion.bullet, 0.0),
            learnt=True,
        )


def pack(vectors: Vectors) -> NDArray[np.int8]:
    """Unit vectors as bytes; the cosine of what comes back differs by less than .003."""
    packed: NDArray[np.int8] = np.rint(np.clip(vectors, -1, 1) * SCALE).astype(np.int8)
    return packed


def unpack(rows: NDArray[np.int8]) -> Vectors:
    """Unit vectors again, shape as given."""
    vectors = rows.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)
    return unit


def text_key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def read_assets(embedder: Embedder) -> tuple[Bank, TextVectors, dict[str, Any]]:
    """The shipped bank, the vectors of the rubric's texts, and the model's numbers.

    Raises:
        ShippedDataError: a file is missing, its hash differs, or it was made with another embedder.
    """
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["sha256"].items():
        read_verified(FOLDER / name, expected)
    model = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    if model["embedder"] != embedder.identity:
        raise ShippedDataError(
            f"was made with the embedder {model['embedder']}, not {embedder.identity}.",
            where=str(FOLDER),
            next_step="Make it anew with tools/train_judge.py.",
        )
    with np.load(FOLDER / "bank.npz") as arrays:
        known = dict(zip(model["texts"], unpack(arrays["texts"]), strict=True))
        rows = BankRows(
            vectors=arrays["vectors"],
            criterion=arrays["criterion"],
            kind=arrays["kind"],
            source=arrays["source"],
            criteria=model["criteria"],
            sources=model["sources"],
            priors=model["priors"],
        )
    return Bank(rows), TextVectors(embedder, known), model


def texts_of(criteria: Iterable[Criterion]) -> list[str]:
    """Every text of these criteria that the judge embeds."""
    found = []
    for one in criteria:
        found += [one.statement, *one.accepted, *one.near_misses]
    return list(dict.fromkeys(found))
