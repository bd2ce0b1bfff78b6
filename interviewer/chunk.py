"""Retrievable passages. The audience is part of the type, so that answer text cannot reach the interviewer."""

from typing import Annotated, Literal

from pydantic import Field

from interviewer.noun import Noun


class _Passage(Noun):
    """Fields of every chunk.

    `id` is stable for a document and splitter (`s01/inspect`, `s01/inspect/2`, `s01/head`, `s01/symptom/3`);
    `scenario` is None for the preamble; `start`, `end` are character offsets in the source of the drill document
    (both 0 for authored text that stands outside it); `tokens` counts o200k_base tokens of `text`.
    """

    id: str
    scenario: int | None
    section: str
    text: str
    bullets: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    tokens: int


class PublicChunk(_Passage):
    """May be shown to a candidate at any time: titles, prompts, listed follow-ups, authored symptom phrasings."""

    audience: Literal["public"] = "public"


class KeyChunk(_Passage):
    """Answer key: only the grading, the coverage tracker and the debrief may hold it."""

    audience: Literal["key"] = "key"


Chunk = Annotated[PublicChunk | KeyChunk, Field(discriminator="audience")]
