"""What a search gives back."""

from typing import Generic, TypeVar

from interviewer.chunk import KeyChunk, PublicChunk
from interviewer.noun import Noun

Passage = TypeVar("Passage", bound=PublicChunk | KeyChunk)


class Ranked(Noun):
    """A scenario and how well it goes with the words; scores only order the scenarios of one search."""

    scenario: int
    title: str
    score: float


class Hit(Noun, Generic[Passage]):
    """A chunk and its score; scores only order the hits of one search."""

    chunk: Passage
    score: float


class Found(Noun, Generic[Passage]):
    """The answer to some words.

    `scenario` is None when `fit`, in [0, 1], lies under the threshold: then no drill is about it. `ranked` holds every
    scenario, best first; `hits` at most as many chunks as were asked for. `reduced` says in a sentence what was not
    available (empty when everything was); `engine` is `chroma`, `exact` or `bm25`; `manifest` the digest of the index.
    """

    scenario: int | None
    fit: float
    ranked: tuple[Ranked, ...]
    hits: tuple[Hit[Passage], ...]
    engine: str
    manifest: str
    reduced: str = ""
