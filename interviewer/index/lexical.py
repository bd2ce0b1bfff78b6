"""Search by words: BM25 over stemmed tokens; the only door to rank_bm25."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

_TOKEN = re.compile(r"\w+")
_STOP_WORDS = """
a about all also am an and any are as at be been but by can could d did do does for from get got had has have he
her here how i if in into is it its just let ll m me my no not of on or our out re s she should so some t than
that the their them then there these they this those to up us ve was we were what when where which who why will
with would you your
"""
_STOP = frozenset(_STOP_WORDS.split())
# Longest first; a stem keeps at least three letters.
_ENDINGS = (
    "ingly", "ations", "ation", "edly", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "ly",
)  # fmt: skip


class Bm25:
    """Okapi BM25 (Robertson and Zaragoza 2009) over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        from rank_bm25 import BM25Okapi

        tokens = [tokenize(text) for text in texts]
        self._size = len(tokens)
        # rank_bm25 divides by the number of tokens of all texts
        self._ranker = BM25Okapi(tokens, k1=1.2, b=0.75) if any(tokens) else None
        self._known = frozenset(token for text in tokens for token in text)
        self._by_word: dict[str, Scores] = {}  # a score is a sum over words, and words come again

    def scores(self, query: str) -> Scores:
        """One score >= 0 per text, in order; all zero when no word is shared."""
        words = sorted(set(tokenize(query)) & self._known)
        if self._ranker is None or not words:
            return np.zeros(self._size)
        for word in words:
            if word not in self._by_word:
                self._by_word[word] = np.asarray(self._ranker.get_scores([word]), np.float64)
        scores: Scores = np.maximum(np.sum([self._by_word[word] for word in words], axis=0), 0.0)
        return scores


@lru_cache(maxsize=24)
def open_bm25(texts: tuple[str, ...]) -> Bm25:
    """The search over some texts; one that was opened lately is taken again, with the words that it knows by now."""
    return Bm25(texts)


def tokenize(text: str) -> list[str]:
    """Lower-case stems without stop words; any script."""
    return [_stem(word) for word in _TOKEN.findall(text.lower()) if word not in _STOP]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
