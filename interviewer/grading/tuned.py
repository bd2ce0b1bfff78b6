"""The judge's own encoder: how well each window of the talk fits each criterion.

A turn is read as a whole, so a window's vector knows its neighbours; the interviewer's words are never read. Criteria
that were trained have vectors of their own, others get them from their texts. Training: tools/judge_encoder.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interviewer.grading.sentences import Sentence
from interviewer.models.embedder import Vectors
from interviewer.models.minilm import TokenStates

Row = NDArray[np.float64]
# As in training.
MOST_SENTENCE_TOKENS = 120
MOST_TURN_TOKENS = 318
MOST_TEXT_TOKENS = 55


@dataclass(frozen=True)
class Trained:
    """What training left: `vectors`, shape (criteria, views, dim), and `offsets`, shape (criteria,), by `places`."""

    vectors: Vectors
    offsets: Row
    places: Mapping[str, int]
    scale: float
    bias: float


class TunedReader:
    """Reads windows and criteria into one space; remembers criteria that it had to read from their texts."""

    def __init__(self, encoder: TokenStates, trained: Trained) -> None:
        self._encoder = encoder
        self._trained = trained
        self._read: dict[tuple[str, ...], Vectors] = {}

    def window_vectors(self, windows: Sequence[Sequence[Sentence]]) -> Vectors:
        """Unit vectors of windows (one or two neighbouring sentences of a turn), shape (n, dim)."""
        sentences = sorted({one for window in windows for one in window}, key=lambda one: (one.turn, one.start))
        tokens = self._encoder.tokens([one.text for one in sentences])
        rows, places = _lay_out(sentences, tokens, self._encoder.cls, self._encoder.sep)
        states = self._encoder.states(rows)
        vectors = [_mean(states, places[window[0]], places[window[-1]]) for window in windows]
        return _unit(np.stack(vectors)) if vectors else np.zeros((0, self._encoder.dim), np.float32)

    def fits(self, vectors: Vectors, criteria: Sequence[tuple[str, tuple[str, ...]]], *, trained: bool = True) -> Row:
        """Logits, shape (windows, criteria).

        Args:
            criteria: id and texts (section, drill bullet, statement, accepted phrasings) of each.
            trained: use what training learnt for criteria that it knew.
        """
        columns = [self._fit(vectors, name, texts, trained) for name, texts in criteria]
        return np.stack(columns, axis=1) if columns else np.zeros((len(vectors), 0))

    def _fit(self, vectors: Vectors, name: str, texts: tuple[str, ...], trained: bool) -> Row:
        known = self._trained
        place = known.places.get(name) if trained else None
        views = known.vectors[place] if place is not None else self._views(texts)
        scaled = 2 * known.scale * (vectors @ views.T).astype(float)
        top = scaled.max(axis=1, keepdims=True)
        summed: Row = (top[:, 0] + np.log(np.exp(scaled - top).mean(axis=1))) / 2
        return summed + known.bias + (float(known.offsets[place]) if place is not None else 0.0)

    def _views(self, texts: tuple[str, ...]) -> Vectors:
        if texts not in self._read:
            cls, sep = self._encoder.cls, self._encoder.sep
            section, *rest = self._encoder.tokens(texts)
            heads = [[cls, *section, sep, *one] for one in rest[:2]] + [[cls, *one] for one in rest[2:5]]
            rows = [[*one[:MOST_TEXT_TOKENS], sep] for one in heads]
            self._read[texts] = _unit(np.stack([one.mean(axis=0) for one in self._encoder.states(rows)]))
        return self._read[texts]


Place = tuple[int, int, int]


def _lay_out(
    sentences: Sequence[Sentence], tokens: Sequence[list[int]], cls: int, sep: int
) -> tuple[list[list[int]], dict[Sentence, Place]]:
    """Rows of token ids, a turn each (long turns in pieces), and row, start, end of each sentence."""
    rows: list[list[int]] = []
    places: dict[Sentence, Place] = {}
    turn = -1
    for one, ids in zip(sentences, tokens, strict=True):
        said = ids[:MOST_SENTENCE_TOKENS]
        if one.turn != turn or len(rows[-1]) + len(said) > MOST_TURN_TOKENS:
            rows.append([cls])
            turn = one.turn
        places[one] = (len(rows) - 1, len(rows[-1]), len(rows[-1]) + len(said))
        rows[-1] += said
    return [[*row, sep] for row in rows], places


def _mean(states: Sequence[Vectors], first: Place, last: Place) -> Vectors:
    """Mean state from one sentence to another; the first alone where they were read apart."""
    row, start, end = first
    end = last[2] if last[0] == row else end
    mean: Vectors = states[row][start : max(end, start + 1)].mean(axis=0)
    return mean


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
