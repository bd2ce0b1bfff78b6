"""Search over an opened index, for the interviewer (public chunks only) and for grading (the answer key)."""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple

import numpy as np

from interviewer.chunk import KeyChunk, PublicChunk
from interviewer.errors import InputError
from interviewer.index.contents import OUTSIDE, Entry, is_bullet
from interviewer.index.exact import VectorSearch
from interviewer.index.found import Found, Hit, Passage, Ranked
from interviewer.index.lexical import Bm25, Scores, tokenize
from interviewer.index.ranking import (
    FIT_THRESHOLD,
    NEAREST_KEY,
    NEAREST_PUBLIC,
    POOL,
    SHARED_WORDS_THRESHOLD,
    blend,
    fit_of,
    mean_of_best,
    order_passages,
)
from interviewer.models.embedder import Embedder, Vectors

WINDOW_WORDS, MAX_WINDOWS = 150, 16


class Opened(NamedTuple):
    """An index ready for search.

    `searches` by collection (`public`, `key`, `outside`) is empty when only search by words is left; `reduced` says
    what is missing.
    """

    entries: tuple[Entry, ...]
    titles: dict[int, str]
    searches: Mapping[str, VectorSearch]
    engine: str
    manifest: str
    reduced: str = ""


class _Retriever(Generic[Passage]):
    """Ranks scenarios and passages; `passages` are what may be returned, in order, with the words they are found by."""

    collections: tuple[str, ...]

    def __init__(self, opened: Opened, embedder: Embedder, passages: Sequence[tuple[Passage, str]]) -> None:
        known = [entry for entry in opened.entries if entry.chunk.audience in self.collections]
        self._opened = opened
        self._embedder = embedder
        self._passages: list[Passage] = [passage for passage, _ in passages]
        self._passage_words = Bm25([words for _, words in passages])
        self._scenarios = sorted(opened.titles)
        self._scenario_texts = [_words_of(known, number) for number in self._scenarios]
        shown = [_words_of([one for one in known if one.chunk.audience == "public"], n) for n in self._scenarios]
        self._scenario_words = [Bm25(texts) for texts in dict.fromkeys([tuple(shown), tuple(self._scenario_texts)])]
        self._public = [_ids_of(known, number, "public") for number in self._scenarios]
        self._key = [_ids_of(known, number, "key") for number in self._scenarios]

    def find(self, query: str, k: int = 10) -> Found[Passage]:
        """What goes with some words, of any length and script; at most `k` hits.

        Raises:
            InputError: there is nothing to search for.
        """
        if not query.strip():
            raise InputError("There are no words to search for.", next_step="Describe the incident in a few words.")
        near = self._neighbours(query)
        scores = self._score_scenarios(query, near)
        order = sorted(range(len(scores)), key=lambda row: -scores[row])
        ranked = tuple(self._ranked(row, float(scores[row])) for row in order)
        fit, fits = self._fit(query, near, order[0])
        return Found(
            scenario=ranked[0].scenario if fits else None,
            fit=fit,
            ranked=ranked,
            hits=tuple(self._hits(query, near, k)),
            engine=self._opened.engine,
            manifest=self._opened.manifest,
            reduced=self._opened.reduced,
        )

    def close(self) -> None:
        """Give back what the searches hold."""
        for search in self._opened.searches.values():
            search.close()

    def _neighbours(self, query: str) -> dict[str, dict[str, float]]:
        """Collection -> id -> cosine; empty without vectors."""
        if not self._opened.searches:
            return {}
        vector = embed_query(self._embedder, query)
        names = [name for name in (*self.collections, OUTSIDE) if name in self._opened.searches]
        return {name: dict(self._opened.searches[name].nearest(vector, POOL)) for name in names}

    def _score_scenarios(self, query: str, near: Mapping[str, Mapping[str, float]]) -> Scores:
        legs = [words.scores(query) for words in self._scenario_words]
        for name, ids, count in (("public", self._public, NEAREST_PUBLIC), ("key", self._key, NEAREST_KEY)):
            if name in near:
                legs.append(np.array([mean_of_best(cosines(near[name], one), count) for one in ids]))
        return blend(legs)

    def _fit(self, query: str, near: Mapping[str, Mapping[str, float]], top: int) -> tuple[float, bool]:
        if not near:
            words = set(tokenize(query))
            fit = len(words & set(tokenize(self._scenario_texts[top]))) / max(1, len(words))
            return fit, fit >= SHARED_WORDS_THRESHOLD
        best = max((cosines(near["public"], ids).max(initial=-1.0) for ids in self._public), default=-1.0)
        mean = mean_of_best(cosines(near["public"], self._public[top]), NEAREST_PUBLIC)
        outside = max(near.get(OUTSIDE, {}).values(), default=0.0)
        fit = fit_of(float(best), mean, outside)
        return fit, fit >= FIT_THRESHOLD

    def _hits(self, query: str, near: Mapping[str, Mapping[str, float]], k: int) -> list[Hit[Passage]]:
        lexical = self._passage_words.scores(query)
        name = self.collections[-1]
        dense = cosines(near[name], [one.id for one in self._passages]) if name in near else lexical
        ordered = order_passages(dense, lexical)[: max(0, k)]
        return [Hit(chunk=self._passages[row], score=round(score, 4)) for row, score in ordered]

    def _ranked(self, row: int, score: float) -> Ranked:
        number = self._scenarios[row]
        return Ranked(scenario=number, title=self._opened.titles[number], score=round(score, 4))


class PublicRetriever(_Retriever[PublicChunk]):
    """For the interviewer: holds public chunks only, so that nothing it gives back can be of the answer key."""

    collections = ("public",)

    def __init__(self, opened: Opened, embedder: Embedder) -> None:
        """Open over the public part of an index.

        Raises:
            ValueError: the index passed in holds a chunk of the key; narrow it with `only_public` first.
        """
        passages: list[tuple[PublicChunk, str]] = []
        for entry in opened.entries:
            if not isinstance(entry.chunk, PublicChunk):
                raise ValueError(f"{entry.chunk.id} is answer key and must not reach the public retriever")
            if entry.chunk.section != OUTSIDE:
                passages.append((entry.chunk, entry.words))
        if "key" in opened.searches:
            raise ValueError("the vectors of the answer key must not reach the public retriever")
        super().__init__(opened, embedder, passages)


class KeyRetriever(_Retriever[KeyChunk]):
    """For grading, coaches and evaluation: its hits are single bullets of the answer key."""

    collections = ("public", "key")

    def __init__(self, opened: Opened, embedder: Embedder) -> None:
        bullets = [
            (entry.chunk, entry.words)
            for entry in opened.entries
            if isinstance(entry.chunk, KeyChunk) and is_bullet(entry.chunk)
        ]
        super().__init__(opened, embedder, bullets)


def only_public(opened: Opened) -> Opened:
    """The public part of an index: without entries and without vectors of the key."""
    entries = tuple(entry for entry in opened.entries if isinstance(entry.chunk, PublicChunk))
    searches = {name: search for name, search in opened.searches.items() if name != "key"}
    return opened._replace(entries=entries, searches=searches)


def embed_query(embedder: Embedder, query: str) -> Vectors:
    """A unit vector of shape (dim,): of the words, or the mean over windows of them when they are many."""
    words = query.split()
    starts = range(0, min(len(words), WINDOW_WORDS * MAX_WINDOWS), WINDOW_WORDS)
    mean = embedder.embed([" ".join(words[start : start + WINDOW_WORDS]) for start in starts]).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def cosines(near: Mapping[str, float], ids: Sequence[str]) -> Scores:
    """The cosines of some ids; one that is beyond the neighbours asked for counts as the farthest of them."""
    farthest = min(near.values(), default=-1.0)
    return np.array([near.get(one, farthest) for one in ids], np.float64)


def _words_of(entries: Sequence[Entry], scenario: int) -> str:
    return "\n".join(entry.words for entry in entries if entry.chunk.scenario == scenario)


def _ids_of(entries: Sequence[Entry], scenario: int, audience: str) -> list[str]:
    """What speaks for a scenario: its public chunks, or its bullets."""
    chunks = [entry.chunk for entry in entries if entry.chunk.scenario == scenario and entry.chunk.audience == audience]
    return [chunk.id for chunk in chunks if audience == "public" or is_bullet(chunk)]
