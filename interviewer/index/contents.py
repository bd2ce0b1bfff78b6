"""What an index holds: chunks, the words by which each is found, and a vector each; in memory and on disk."""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import ValidationError

from interviewer.chunk import Chunk, PublicChunk
from interviewer.drills.exemplars import Exemplars, text_digest
from interviewer.drills.phrasings import Phrasings
from interviewer.drills.split import STRUCTURE, CountTokens, Splitter, scenario_id
from interviewer.errors import IndexBrokenError
from interviewer.models.embedder import Embedder, Vectors
from interviewer.noun import Noun
from interviewer.scenario import DrillDocument

CHUNKS, VECTORS, SOURCE = "chunks.jsonl", "vectors.npy", "source.txt"
OUTSIDE = "outside"  # section of the wordings that fit no drill; they are never a result


class Entry(Noun):
    """A chunk and the `words` that lexical search reads: its text and, for a bullet, what people said for it."""

    chunk: Chunk
    words: str


class Contents(NamedTuple):
    """Entries with one unit vector each, in the same order; `titles` by scenario number, `source` the document's
    text."""

    entries: tuple[Entry, ...]
    vectors: Vectors
    titles: dict[int, str]
    source: str = ""


def gather_contents(
    document: DrillDocument,
    phrasings: Phrasings,
    exemplars: Exemplars,
    embedder: Embedder,
    count_tokens: CountTokens,
    splitter: Splitter = STRUCTURE,
) -> Contents:
    """The contents of an index of a document."""
    entries = gather_entries(document, phrasings, exemplars, count_tokens, splitter)
    vectors = np.zeros((len(entries), embedder.dim), np.float32)
    known = {row: _known_vector(entry.chunk, exemplars) for row, entry in enumerate(entries)}
    plain = [row for row, vector in known.items() if vector is None]
    vectors[plain] = embedder.embed([entries[row].chunk.text for row in plain])
    for row, vector in known.items():
        if vector is not None:
            vectors[row] = vector / np.linalg.norm(vector)
    return Contents(entries, vectors, {one.number: one.title for one in document.scenarios}, document.source)


def gather_entries(
    document: DrillDocument,
    phrasings: Phrasings,
    exemplars: Exemplars,
    count_tokens: CountTokens,
    splitter: Splitter = STRUCTURE,
) -> tuple[Entry, ...]:
    """The entries alone, without any vector."""
    chunks: list[Chunk] = list(splitter.split(document, phrasings, count_tokens))
    for scenario in document.scenarios:
        own = f"{scenario_id(scenario.number)}/opening"
        chunks += _authored(own, "opening", scenario.number, exemplars.openings.get(scenario.number, ()), count_tokens)
    chunks += _authored(OUTSIDE, OUTSIDE, None, phrasings.outside, count_tokens)
    return tuple(Entry(chunk=chunk, words=_words(chunk, exemplars)) for chunk in chunks)


def _authored(
    own: str, section: str, scenario: int | None, texts: tuple[str, ...], count_tokens: CountTokens
) -> list[PublicChunk]:
    """Public chunks of texts that stand outside the document."""
    return [
        PublicChunk(id=f"{own}/{number}", scenario=scenario, section=section, text=text, tokens=count_tokens(text))
        for number, text in enumerate(texts, 1)
    ]


def group_of(chunk: Chunk) -> str:
    """The collection that a chunk stands in."""
    return OUTSIDE if chunk.section == OUTSIDE else chunk.audience


def is_bullet(chunk: Chunk) -> bool:
    """Whether a chunk is (a part of) one answer bullet and nothing else."""
    return chunk.audience == "key" and len(chunk.bullets) == 1 and "/" in chunk.id.partition("/")[2]


def is_passage(chunk: Chunk) -> bool:
    """Whether a chunk is a smallest piece of the document: neither a whole section nor a wording from beside it."""
    if chunk.audience == "public":
        return chunk.end > 0
    return chunk.scenario is None or chunk.id.count("/") > 1


def _words(chunk: Chunk, exemplars: Exemplars) -> str:
    quotes = exemplars.quotes.get(chunk.bullets[0], ()) if is_bullet(chunk) else ()
    return "\n".join([chunk.text] * 3 + list(quotes)) if quotes else chunk.text


def _known_vector(chunk: Chunk, exemplars: Exemplars) -> Vectors | None:
    """The learnt vector of a bullet, the stored one of a wording."""
    if is_bullet(chunk):
        return exemplars.vectors.get(chunk.bullets[0])
    return exemplars.wordings.get(text_digest(chunk.text)) if chunk.audience == "public" else None


def save_contents(folder: Path, contents: Contents) -> None:
    """Write chunks and vectors to disk, durably."""
    lines = "".join(entry.model_dump_json() + "\n" for entry in contents.entries)
    buffer = io.BytesIO()
    np.save(buffer, contents.vectors, allow_pickle=False)
    write_durably(folder / CHUNKS, lines.encode("utf-8", "surrogatepass"))
    write_durably(folder / VECTORS, buffer.getvalue())
    # the offsets of the chunks point into this text, whatever becomes of the corpus
    write_durably(folder / SOURCE, contents.source.encode("utf-8", "surrogatepass"))


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def load_entries(folder: Path) -> tuple[Entry, ...]:
    """The entries of an index folder.

    Raises:
        IndexBrokenError: the file is missing or a line does not parse.
    """
    try:
        lines = (folder / CHUNKS).read_bytes().decode("utf-8", "surrogatepass").rstrip("\n").split("\n")
        return tuple(Entry.model_validate_json(line) for line in lines)
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise IndexBrokenError(f"cannot be read ({type(error).__name__}).", where=str(folder / CHUNKS)) from error


def load_source(folder: Path) -> str:
    """The document that an index folder was made from.

    Raises:
        IndexBrokenError: the file is missing or is not UTF-8.
    """
    try:
        return (folder / SOURCE).read_bytes().decode("utf-8", "surrogatepass")
    except (OSError, UnicodeDecodeError) as error:
        raise IndexBrokenError(f"cannot be read ({type(error).__name__}).", where=str(folder / SOURCE)) from error


def load_vectors(folder: Path, entries: Sequence[Entry]) -> Vectors:
    """The vectors of an index folder, one per entry.

    Raises:
        IndexBrokenError: the file is missing, is no array, or has another number of rows.
    """
    try:
        vectors = np.load(folder / VECTORS, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexBrokenError(f"cannot be read ({type(error).__name__}).", where=str(folder / VECTORS)) from error
    if vectors.ndim != 2 or len(vectors) != len(entries) or not np.isfinite(vectors).all():
        raise IndexBrokenError("does not go with the chunks.", where=str(folder / VECTORS))
    return np.asarray(vectors, np.float32)
