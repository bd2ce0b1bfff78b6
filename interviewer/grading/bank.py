"""What the embedded judge compares with: people's own wordings per criterion, as vectors of its encoder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.grading.fits import Vectors, Wordings
from interviewer.grading.tuned import Trained, TunedReader
from interviewer.models.minilm import TokenStates
from interviewer.shipped import read_verified

IDENTITY = "embedded@3"
FOLDER = Path(__file__).with_name("assets") / "embedded-judge-3"
ENCODER = "encoder_int8.onnx"
SCALE = 127.0
MET, PARTIAL, NEAR = 0, 1, 2


@dataclass(frozen=True)
class BankRows:
    """Wordings as columns of equal length n.

    `vectors`: int8, shape (n, dim), unit length times 127; `criterion` and `source`: int16 indices into `criteria` and
    `sources`; `kind`: int8, one of `MET`, `PARTIAL`, `NEAR`.
    """

    vectors: NDArray[np.int8]
    criterion: NDArray[np.int16]
    kind: NDArray[np.int8]
    source: NDArray[np.int16]
    criteria: Sequence[str]
    sources: Sequence[str]


class Bank:
    """Wordings of every criterion. Those that come from the transcript being judged are left out."""

    def __init__(self, rows: BankRows) -> None:
        self._rows = rows
        self._places = {name: np.flatnonzero(rows.criterion == number) for number, name in enumerate(rows.criteria)}
        self._sources = {name: number for number, name in enumerate(rows.sources)}

    def knows(self, transcript: str) -> bool:
        """Whether a transcript of that id was in the training."""
        return transcript in self._sources

    def covers(self, criterion: str) -> bool:
        """Whether there are people's wordings for a criterion."""
        return bool(len(self._places.get(criterion, ())))

    def wordings(self, criterion: str, leave_out: str) -> Wordings:
        """People's wordings, without those of the transcript `leave_out`."""
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
    """Unit vectors again, shape as given; rows of zeros stay zeros."""
    vectors = rows.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)
    return unit


@dataclass(frozen=True)
class Assets:
    """What ships with the judge: wordings, the tuned encoder with what was trained, the fitted numbers."""

    bank: Bank
    reader: TunedReader
    model: dict[str, Any]


def read_assets() -> Assets:
    """The shipped files, verified.

    Raises:
        ShippedDataError: a file is missing, or its hash differs.
    """
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["sha256"].items():
        if name != ENCODER:
            read_verified(FOLDER / name, expected)
    model = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    with np.load(FOLDER / "wordings.npz") as arrays:
        columns = {name: arrays[name] for name in ("vectors", "criterion", "kind", "source")}
        bank = Bank(BankRows(**columns, criteria=model["criteria"], sources=model["sources"]))
        trained = Trained(
            views=unpack(arrays["views"]),
            weights=arrays["view_weights"].astype(float),
            offsets=arrays["offsets"].astype(float),
            places={name: place for place, name in enumerate(model["criteria"])},
            scale=model["scale"],
            bias=model["bias"],
        )
    # the encoder checks its hash when it is first used
    reader = TunedReader(TokenStates(FOLDER / ENCODER, manifest["sha256"][ENCODER]), trained)
    return Assets(bank, reader, model)
