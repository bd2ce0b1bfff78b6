"""Exemplars: how people put a bullet, how interviewers opened a scenario, and a vector per bullet learnt from it.

The folder stands beside a drill document and holds `quotes.jsonl` (rows `{"bullet","text_sha256","quotes"}`),
`openings.jsonl` (rows `{"scenario","text_sha256","openings"}`), `vectors.npy` (float16, one row per bullet) and
`vectors.json` (which bullet is which row, for which weights, and how it was made); `wordings.npy` and `wordings.json`
are the same for authored wordings by the digest of their text, so that a build need not embed them. A bullet or a
scenario whose text is not the one that the exemplars were collected for gets none of them.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import ConfigDict, Field, ValidationError

from interviewer.errors import PhrasingsError
from interviewer.manifest import SourceDigest, digest_source
from interviewer.models.embedder import Vectors
from interviewer.noun import Noun
from interviewer.scenario import DrillDocument, Scenario

_QUOTES, _OPENINGS, _VECTORS, _LEGEND = "quotes.jsonl", "openings.jsonl", "vectors.npy", "vectors.json"
_WORDINGS, _WORDINGS_LEGEND = "wordings.npy", "wordings.json"

RowForm = TypeVar("RowForm", bound=Noun)


class _Quotes(Noun):
    bullet: str
    text_sha256: str
    quotes: tuple[str, ...]


class _Openings(Noun):
    scenario: int
    text_sha256: str
    openings: tuple[str, ...]


class _Legend(Noun):
    """`rows` names the rows of the vectors; what else stands there is provenance."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    embedder: str
    weights_sha256: str
    rows: tuple[str, ...]


class Exemplars(Noun):
    """`quotes` and `vectors` by bullet id, `openings` by scenario, `wordings` (vectors as well) by `text_digest`.

    A vector is there only for the embedder that it was made with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    quotes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    openings: dict[int, tuple[str, ...]] = Field(default_factory=dict)
    vectors: dict[str, Vectors] = Field(default_factory=dict)
    wordings: dict[str, Vectors] = Field(default_factory=dict)


def exemplar_sources(folder: Path) -> tuple[SourceDigest, ...]:
    """Digests of the files of exemplars in a folder; empty when there are none."""
    paths = [folder / name for name in (_OPENINGS, _QUOTES, _LEGEND, _VECTORS, _WORDINGS_LEGEND, _WORDINGS)]
    return tuple(digest_source(path.name, path.read_bytes()) for path in paths if path.is_file())


def read_exemplars(folder: Path, document: DrillDocument, embedder: str, weights_sha256: str) -> Exemplars:
    """The exemplars of that document for that embedder; a file that is not there gives none.

    Raises:
        PhrasingsError: a file does not have its form, with file and line.
    """
    texts = {bullet.id: text_digest(bullet.text) for bullet in document.bullets}
    heads = {one.number: head_digest(one) for one in document.scenarios}
    quotes, openings = _read_rows(folder / _QUOTES, _Quotes), _read_rows(folder / _OPENINGS, _Openings)
    said = {row.bullet: row.quotes for row in quotes if texts.get(row.bullet) == row.text_sha256}
    opened = {row.scenario: row.openings for row in openings if heads.get(row.scenario) == row.text_sha256}
    maker = (embedder, weights_sha256)
    learnt = _read_vectors(folder / _LEGEND, folder / _VECTORS, maker)
    vectors = {bullet: vector for bullet, vector in learnt.items() if bullet in said}
    wordings = _read_vectors(folder / _WORDINGS_LEGEND, folder / _WORDINGS, maker)
    return Exemplars(quotes=said, openings=opened, vectors=vectors, wordings=wordings)


def text_digest(text: str) -> str:
    """What ties an exemplar to the wording of its bullet."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head_digest(scenario: Scenario) -> str:
    """What ties an opening to the title and the prompt of its scenario."""
    return text_digest(f"{scenario.title}\n{scenario.prompt}")


def _read_rows(path: Path, form: type[RowForm]) -> list[RowForm]:
    if not path.is_file():
        return []
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n"), 1):
        try:
            rows.append(form.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            raise PhrasingsError(f"{fault['msg']}.", where=f"{path}:{number}") from None
    return rows


def _read_vectors(legend_path: Path, path: Path, maker: tuple[str, str]) -> dict[str, Vectors]:
    """Name of a row -> its vector; nothing where the files are missing or were made with other weights."""
    if not legend_path.is_file():
        return {}
    try:
        legend = _Legend.model_validate(json.loads(legend_path.read_text(encoding="utf-8")))
        if (legend.embedder, legend.weights_sha256) != maker:
            return {}
        vectors = np.load(path, allow_pickle=False).astype(np.float32)
    except (ValueError, OSError) as error:
        raise PhrasingsError(f"cannot be used ({error}).", where=str(legend_path)) from None
    if vectors.ndim != 2 or len(vectors) != len(legend.rows):
        raise PhrasingsError(f"does not have one row per name in {legend_path.name}.", where=str(path))
    return dict(zip(legend.rows, vectors, strict=True))
