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
from interviewer.grading.fits import Wordings
from interviewer.grading.tuned import Trained, TunedReader
from interviewer.models.embedder import Embedder, Vectors
from interviewer.models.minilm import TokenStates
from interviewer.rubric import Criterion
from interviewer.shipped import read_verified

FOLDER = Path(__file__).with_name("assets") / "embedded-judge-2"
ENCODER = "encoder_int8.onnx"
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
        if not self.covers(criterion.bullet):
            return Examples(met=own, partial=near[:0], near=near, prior=0.0, learnt=False)
        said = self.wordings(criterion.bullet, leave_out)
        return Examples(
            met=np.concatenate([said.met, own, texts.of([bullet, criterion.statement])]),
            partial=said.partial,
            near=np.concatenate([said.near, near]),
            prior=self._rows.priors.get(criterion.bullet, 0.0),
            learnt=True,
        )

    def covers(self, criterion: str) -> bool:
        """Whether there are people's wordings for a criterion."""
        return bool(len(self._places.get(criterion, ())))

    def wordings(self, criterion: str, leave_out: str) -> Wordings:
        """People's wordings alone, without those of the transcript `leave_out`."""
        rows = self._rows
        places = self._places.get(criterion, np.zeros(0, int))
        places = places[rows.source[places] != self._sources.get(leave_out, -1)]
        kinds = rows.kind[places]
        met, partial, near = (unpack(rows.vectors[places[kinds == kind]]) for kind in (MET, PARTIAL, NEAR))
        return Wordings(met=met, partial=partial, near=near)


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


@dataclass(frozen=True)
class Assets:
    """Everything that ships with the judge: examples in both spaces, known texts, the tuned encoder, the numbers."""

    bank: Bank
    texts: TextVectors
    tuned_bank: Bank
    reader: TunedReader
    model: dict[str, Any]


def read_assets(embedder: Embedder) -> Assets:
    """The shipped files, verified.

    Raises:
        ShippedDataError: a file is missing, its hash differs, or it was made with another embedder.
    """
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["sha256"].items():
        if name != ENCODER:
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
        bank = Bank(_rows_of(arrays, model))
    with np.load(FOLDER / "tuned.npz") as arrays:
        tuned = Bank(_rows_of(arrays, model))
        criteria = arrays["criteria_vectors"]
        trained = Trained(
            vectors=unpack(criteria.reshape(-1, criteria.shape[2])).reshape(criteria.shape),
            offsets=arrays["offsets"].astype(float),
            places={name: place for place, name in enumerate(model["criteria"])},
            scale=model["scale"],
            bias=model["bias"],
        )
    # the encoder checks its hash when it is first used
    reader = TunedReader(TokenStates(FOLDER / ENCODER, manifest["sha256"][ENCODER]), trained)
    return Assets(bank, TextVectors(embedder, known), tuned, reader, model)


def _rows_of(arrays: Mapping[str, Any], model: Mapping[str, Any]) -> BankRows:
    columns = {name: arrays[name] for name in ("vectors", "criterion", "kind", "source")}
    return BankRows(**columns, criteria=model["criteria"], sources=model["sources"], priors=model["priors"])


def texts_of(criteria: Iterable[Criterion]) -> list[str]:
    """Every text of these criteria that the judge embeds."""
    found = []
    for one in criteria:
        found += [one.statement, *one.accepted, *one.near_misses]
    return list(dict.fromkeys(found))
