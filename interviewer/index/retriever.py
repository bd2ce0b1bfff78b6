"""Search over an opened index, for the interviewer (public chunks only) and for grading (the answer key)."""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from interviewer.chunk import Chunk, KeyChunk, PublicChunk
from interviewer.errors import InputError
from interviewer.index.contents import OUTSIDE, Entry, group_of, is_bullet, is_passage
from interviewer.index.exact import VectorSearch
from interviewer.index.found import Found, Hit, Passage, Ranked
from interviewer.index.lexical import Scores, open_bm25, tokenize
from interviewer.index.ranking import (
    DEFAULT,
    FIT_THRESHOLD,
    SHARED_WORDS_THRESHOLD,
    Ranking,
    blend,
    fit_of,
    mean_of_best,
    order_passages,
)
from interviewer.models.embedder import Embedder, Vectors

WINDOW_WORDS, MAX_WINDOWS = 150, 16

Rows = NDArray[np.intp]
_NONE = np.zeros(0)


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
    ranking: Ranking = DEFAULT


class _Retriever(Generic[Passage]):
    """Ranks scenarios and passages; `passages` are what may be returned, in order, with the words they are found by."""

    collections: tuple[str, ...]

    def __init__(self, opened: Opened, embedder: Embedder, passages: Sequence[tuple[Passage, str]]) -> None:
        known = [entry for entry in opened.entries if entry.chunk.audience in self.collections]
        self._opened = opened
        self._embedder = embedder
        self._passages: list[Passage] = [passage for passage, _ in passages]
        self._passage_words = open_bm25(tuple(words for _, words in passages))
        self._scenarios = sorted(opened.titles)
        self._scenario_texts = [_words_of(known, number) for number in self._scenarios]
        shown = [_words_of([one for one in known if one.chunk.audience == "public"], n) for n in self._scenarios]
        both = dict.fromkeys([tuple(shown), tuple(self._scenario_texts)])
        self._scenario_words = [open_bm25(texts) for texts in both]
        self._rows = {name: _rows_of(opened.entries, name) for name in (*self.collections, OUTSIDE)}
        self._public = [self._scenario_rows(known, number, "public") for number in self._scenarios]
        self._key = [self._scenario_rows(known, number, "key") for number in self._scenarios]
        self._places = [(name, *self._passage_rows(name)) for name in self.collections]

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

    def _scenario_rows(self, known: Sequence[Entry], scenario: int, audience: str) -> Rows:
        """What speaks for a scenario in a collection: its public chunks, or its passages."""
        chunks = [one.chunk for one in known if one.chunk.scenario == scenario and one.chunk.audience == audience]
        own = [chunk.id for chunk in chunks if audience == "public" or is_passage(chunk)]
        return np.array([self._rows[audience][one] for one in own], np.intp)

    def _passage_rows(self, name: str) -> tuple[Rows, Rows]:
        """Places of the passages of a collection among the passages, and in the collection."""
        places = [place for place, one in enumerate(self._passages) if one.audience == name]
        rows = [self._rows[name][self._passages[place].id] for place in places]
        return np.array(places, np.intp), np.array(rows, np.intp)

    def _neighbours(self, query: str) -> dict[str, Scores]:
        """Collection -> cosine per row of it; empty without vectors."""
        if not self._opened.searches:
            return {}
        vector = embed_query(self._embedder, query)
        searches = self._opened.searches
        return {
            name: spread_cosines(rows, searches[name].nearest(vector, self._opened.ranking.pool))
            for name, rows in self._rows.items()
            if name in searches
        }

    def _score_scenarios(self, query: str, near: Mapping[str, Scores]) -> Scores:
        legs = [words.scores(query) for words in self._scenario_words]
        ranking = self._opened.ranking
        both = (("public", self._public, ranking.nearest_public), ("key", self._key, ranking.nearest_key))
        for name, rows, count in both:
            if name in near:
                legs.append(np.array([mean_of_best(near[name][one], count) for one in rows]))
        return blend(legs)

    def _fit(self, query: str, near: Mapping[str, Scores], top: int) -> tuple[float, bool]:
        if not near:
            words = set(tokenize(query))
            fit = len(words & set(tokenize(self._scenario_texts[top]))) / max(1, len(words))
            return fit, fit >= SHARED_WORDS_THRESHOLD
        public = near["public"]
        best = max((public[rows].max(initial=-1.0) for rows in self._public), default=-1.0)
        mean = mean_of_best(public[self._public[top]], self._opened.ranking.nearest_public)
        outside = near[OUTSIDE].max() if near.get(OUTSIDE, _NONE).size else 0.0
        fit = fit_of(float(best), mean, float(outside))
        return fit, fit >= FIT_THRESHOLD

    def _hits(self, query: str, near: Mapping[str, Scores], k: int) -> list[Hit[Passage]]:
        lexical = self._passage_words.scores(query)
        dense = lexical
        if near:
            dense = np.zeros(len(self._passages))
            for name, places, rows in self._places:
                dense[places] = near[name][rows]
        ordered = order_passages(dense, lexical, self._opened.ranking)[: max(0, k)]
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


class ContextRetriever(_Retriever[Chunk]):
    """For whoever answers out of the document, and for evaluation: its hits are the smallest passages of it, of the
    answer key, the prompts, the listed follow-ups and the preamble."""

    collections = ("public", "key")

    def __init__(self, opened: Opened, embedder: Embedder) -> None:
        passages = [(entry.chunk, entry.words) for entry in opened.entries if is_passage(entry.chunk)]
        super().__init__(opened, embedder, passages)


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


def spread_cosines(rows: Mapping[str, int], found: Sequence[tuple[str, float]]) -> Scores:
    """A cosine per row; one that is beyond the neighbours asked for counts as the farthest of them."""
    cosines = np.full(len(rows), min((cosine for _, cosine in found), default=-1.0))
    for name, cosine in found:
        row = rows.get(name)
        if row is not None:
            cosines[row] = cosine
    return cosines


def _words_of(entries: Sequence[Entry], scenario: int) -> str:
    return "\n".join(entry.words for entry in entries if entry.chunk.scenario == scenario)


def _rows_of(entries: Sequence[Entry], collection: str) -> dict[str, int]:
    """Id -> row, for the chunks of a collection."""
    own = [entry.chunk for entry in entries if group_of(entry.chunk) == collection]
    return {chunk.id: row for row, chunk in enumerate(own)}
