"""Exemplars: what people were heard to say for a bullet, and a vector per bullet learnt from it.

The folder stands beside a drill document and holds `quotes.jsonl` (rows `{"bullet","text_sha256","quotes"}`),
`vectors.npy` (float16, one row per bullet) and `vectors.json` (which bullet is which row, for which weights, and how it
was made). A bullet whose text is not the one that the exemplars were collected for gets none of them.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
from pydantic import ConfigDict, Field, ValidationError

from interviewer.errors import PhrasingsError
from interviewer.manifest import SourceDigest, digest_source
from interviewer.models.embedder import Vectors
from interviewer.noun import Noun
from interviewer.scenario import Bullet

_QUOTES, _VECTORS, _LEGEND = "quotes.jsonl", "vectors.npy", "vectors.json"


class _Row(Noun):
    bullet: str
    text_sha256: str
    quotes: tuple[str, ...]


class _Legend(Noun):
    """`bullets` names the rows of the vectors; what else stands there is provenance."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    embedder: str
    weights_sha256: str
    bullets: tuple[str, ...]


class Exemplars(Noun):
    """`quotes` and `vectors` by bullet id; a vector is there only for the embedder it was learnt for."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    quotes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    vectors: dict[str, Vectors] = Field(default_factory=dict)


def exemplar_sources(folder: Path) -> tuple[SourceDigest, ...]:
    """Digests of the files of exemplars in a folder; empty when there are none."""
    paths = [folder / name for name in (_QUOTES, _LEGEND, _VECTORS)]
    return tuple(digest_source(path.name, path.read_bytes()) for path in paths if path.is_file())


def read_exemplars(folder: Path, bullets: Mapping[str, Bullet], embedder: str, weights_sha256: str) -> Exemplars:
    """The exemplars of those bullets for that embedder; none when the folder has no `quotes.jsonl`.

    Raises:
        PhrasingsError: a file does not have its form, with file and line.
    """
    if not (folder / _QUOTES).is_file():
        return Exemplars()
    rows = [row for row in _read_rows(folder / _QUOTES) if _belongs(row, bullets)]
    quotes = {row.bullet: row.quotes for row in rows}
    return Exemplars(quotes=quotes, vectors=_read_vectors(folder, set(quotes), embedder, weights_sha256))


def text_digest(text: str) -> str:
    """What ties an exemplar to the wording of its bullet."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _belongs(row: _Row, bullets: Mapping[str, Bullet]) -> bool:
    return row.bullet in bullets and text_digest(bullets[row.bullet].text) == row.text_sha256


def _read_rows(path: Path) -> list[_Row]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n"), 1):
        try:
            rows.append(_Row.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            raise PhrasingsError(f"{fault['msg']}.", where=f"{path}:{number}") from None
    return rows


def _read_vectors(folder: Path, wanted: set[str], embedder: str, weights_sha256: str) -> dict[str, Vectors]:
    if not (folder / _LEGEND).is_file():
        return {}
    try:
        legend = _Legend.model_validate(json.loads((folder / _LEGEND).read_text(encoding="utf-8")))
        if (legend.embedder, legend.weights_sha256) != (embedder, weights_sha256):
            return {}
        vectors = np.load(folder / _VECTORS, allow_pickle=False).astype(np.float32)
    except (ValueError, OSError) as error:
        raise PhrasingsError(f"cannot be used ({error}).", where=str(folder / _LEGEND)) from None
    if vectors.ndim != 2 or len(vectors) != len(legend.bullets):
        raise PhrasingsError("does not have one row per bullet.", where=str(folder / _VECTORS))
    return {bullet: vector for bullet, vector in zip(legend.bullets, vectors, strict=True) if bullet in wanted}
