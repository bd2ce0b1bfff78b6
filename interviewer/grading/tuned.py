"""The judge's own encoder: how well each window of the talk fits each criterion.

A turn is read as a whole, so a window's vector knows its neighbours; the interviewer's words are never read. Criteria
that were trained have vectors of their own, others get them from their texts. Training: tools/judge_encoder.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.grading.fits import Row, Vectors, Wordings
from interviewer.grading.sentences import Sentence
from interviewer.models.minilm import TokenStates

# As in training.
MOST_SENTENCE_TOKENS = 120
MOST_TURN_TOKENS = 158
MOST_TEXT_TOKENS = 39
# Training showed single sentences mostly as near misses, so a turn of one sentence gets company: empty words before and
# after it (figures in design/031-embedded-judge.md).
COMPANY = (
    "Ok, let me think about this for a second.",
    "That is where I would go first, and I would tell the team what I am doing.",
)


@dataclass(frozen=True)
class Trained:
    """What training left, by the `places` of criteria.

    `views`: unit vectors of a criterion's texts, moved by what was learnt, shape (criteria, most texts, dim).
    `weights`: shape (criteria, most texts), sum to 1, zero where there is no text. `offsets`: shape (criteria,).
    """

    views: Vectors
    weights: Row
    offsets: Row
    places: Mapping[str, int]
    scale: float
    bias: float


@dataclass(frozen=True)
class Texts:
    """A criterion as words: what the judge reads where training knew nothing of it."""

    section: str
    bullet: str
    statement: str
    accepted: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


class TunedReader:
    """Reads windows and criteria into one space; remembers criteria that it had to read from their texts."""

    def __init__(self, encoder: TokenStates, trained: Trained) -> None:
        self._encoder = encoder
        self._trained = trained
        self._views: dict[Texts, tuple[Vectors, Row]] = {}
        self._wordings: dict[Texts, Wordings] = {}

    def window_vectors(self, windows: Sequence[Sequence[Sentence]]) -> Vectors:
        """Unit vectors of windows (one or two neighbouring sentences of a turn), shape (n, dim)."""
        sentences = sorted({one for window in windows for one in window}, key=lambda one: (one.turn, one.start))
        tokens = self._encoder.tokens([one.text for one in sentences])
        rows, places = _lay_out(sentences, tokens, self._encoder.cls, self._encoder.sep)
        _accompany(rows, places, *self._encoder.tokens(COMPANY))
        states = self._encoder.states(rows)
        vectors = [_mean(states, places[window[0]], places[window[-1]]) for window in windows]
        return _unit(np.stack(vectors)) if vectors else _none(self._encoder)

    def fits(self, vectors: Vectors, criteria: Sequence[tuple[str, Texts]], *, trained: bool = True) -> Row:
        """Logits, shape (windows, criteria).

        Args:
            criteria: id and texts of each.
            trained: use what training learnt for criteria that it knew.
        """
        columns = [self._fit(vectors, name, texts, trained) for name, texts in criteria]
        return np.stack(columns, axis=1) if columns else np.zeros((len(vectors), 0))

    def wordings(self, texts: Texts) -> Wordings:
        """The authored phrasings in place of people's: all that is known of a criterion that nobody was asked yet."""
        if texts not in self._wordings:
            vectors = self._text_vectors([(text,) for text in (*texts.accepted, *texts.near_misses)])
            met, near = vectors[: len(texts.accepted)], vectors[len(texts.accepted) :]
            self._wordings[texts] = Wordings(met=met, partial=met[:0], near=near)
        return self._wordings[texts]

    def _fit(self, vectors: Vectors, name: str, texts: Texts, trained: bool) -> Row:
        known = self._trained
        place = known.places.get(name) if trained else None
        views, weights = (known.views[place], known.weights[place]) if place is not None else self.read_views(texts)
        # a smooth maximum over the texts
        scaled = 2 * known.scale * (vectors @ views.T).astype(float)
        top = scaled.max(axis=1, keepdims=True)
        summed: Row = (top[:, 0] + np.log(np.exp(scaled - top) @ weights)) / 2
        return summed + known.bias + (float(known.offsets[place]) if place is not None else 0.0)

    def read_views(self, texts: Texts) -> tuple[Vectors, Row]:
        """Unit vectors and weights of a criterion's texts, without what was learnt."""
        if texts not in self._views:
            parts: list[tuple[str, ...]] = [(texts.section, texts.bullet), (texts.section, texts.statement)]
            parts += [(text,) for text in texts.accepted]
            self._views[texts] = (self._text_vectors(parts), view_weights(len(texts.accepted)))
        return self._views[texts]

    def _text_vectors(self, texts: Sequence[tuple[str, ...]]) -> Vectors:
        """Unit vectors of texts, the parts of each divided by a separator."""
        encoder = self._encoder
        rows = []
        for parts in texts:
            first, *rest = encoder.tokens(parts)
            row = [encoder.cls, *first]
            for one in rest:
                row += [encoder.sep, *one]
            rows.append([*row[:MOST_TEXT_TOKENS], encoder.sep])
        return _unit(np.stack([one.mean(axis=0) for one in encoder.states(rows)])) if rows else _none(encoder)


def view_weights(accepted: int) -> Row:
    """Weights of bullet, statement and so many accepted phrasings: a third each, the phrasings together."""
    weights = np.array([1.0, 1.0, *[1.0 / max(accepted, 1)] * accepted])
    shares: Row = weights / weights.sum()
    return shares


def _none(encoder: TokenStates) -> Vectors:
    return np.zeros((0, encoder.dim), np.float32)


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


def _accompany(rows: list[list[int]], places: dict[Sentence, Place], before: list[int], after: list[int]) -> None:
    """Puts empty words around a sentence that is all that a row holds."""
    alone = Counter(row for row, *_ in places.values())
    for one, (row, start, end) in places.items():
        if alone[row] == 1:
            cls, *said, sep = rows[row]
            rows[row] = [cls, *before, *said, *after, sep]
            places[one] = (row, start + len(before), end + len(before))


def _mean(states: Sequence[Vectors], first: Place, last: Place) -> Vectors:
    """Mean state from one sentence to another; the first alone where they were read apart."""
    row, start, end = first
    end = last[2] if last[0] == row else end
    mean: Vectors = states[row][start : max(end, start + 1)].mean(axis=0)
    return mean


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
