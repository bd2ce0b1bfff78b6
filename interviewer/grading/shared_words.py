"""Numbers about one criterion from the words that windows have in common with its texts; rare words count for more."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.grading.fits import Row
from interviewer.grading.tuned import Texts
from interviewer.grading.windows import Window
from interviewer.grading.words import content_stems, words

# Cues of negation and rejection (English); they turn "I would check the schema" round.
_REJECTION = re.compile(
    r"\b(?:not|never|no need|skip|instead of|rather than|without|no point|useless|waste|hardly|ignore|forget|nobody"
    r"|cannot|refuse|against)\b|n't\b",
    re.IGNORECASE,
)
# Of one window, but for the last, which looks at all of them.
WORD_FEATURES = (
    "bullet_words", "accepted_words", "near_miss_words", "own_words", "own_words_margin", "rejected", "question",
    "length", "most_own_words",
)  # fmt: skip
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Vocabulary:
    """A criterion's texts as weights of their stems: bullet, accepted phrasings, near misses, and all but these."""

    bullet: Weights
    accepted: tuple[Weights, ...]
    near_misses: tuple[Weights, ...]
    own: Weights


@dataclass(frozen=True)
class Shares:
    """What share of a criterion's words each window has, shape (n,) each; `own_words` grow with their number."""

    bullet_words: Row
    accepted_words: Row
    near_miss_words: Row
    own_words: Row

    @property
    def rank(self) -> Row:
        """What speaks for each window, shape (n,)."""
        ranked: Row = 0.3 * (self.bullet_words + self.accepted_words) + 0.15 * self.own_words
        return ranked


class SharedWords:
    """Compares windows with criteria; `idf`: weight of a stem, the largest for those that it does not hold."""

    def __init__(self, idf: Weights) -> None:
        self._idf = idf
        self._rarest = max(idf.values())
        self._known: dict[Texts, Vocabulary] = {}

    def shares(self, windows: Sequence[Window], criteria: Sequence[Texts]) -> list[Shares]:
        """Per criterion the shares of every window."""
        said = [one.stems for one in windows]
        found = []
        for texts in criteria:
            known = self._vocabulary(texts)
            found.append(
                Shares(
                    bullet_words=_largest(said, (known.bullet,)),
                    accepted_words=_largest(said, known.accepted),
                    near_miss_words=_largest(said, known.near_misses),
                    own_words=_largest(said, (known.own,)) * math.sqrt(len(known.own)),
                )
            )
        return found

    def _vocabulary(self, texts: Texts) -> Vocabulary:
        if texts not in self._known:
            accepted = texts.accepted or (texts.statement,)
            self._known[texts] = Vocabulary(
                bullet=self._weigh(texts.bullet),
                accepted=tuple(map(self._weigh, accepted)),
                near_misses=tuple(map(self._weigh, texts.near_misses)),
                own=self._weigh(" ".join((texts.bullet, texts.statement, *accepted))),
            )
        return self._known[texts]

    def _weigh(self, text: str) -> Weights:
        return {stem: self._idf.get(stem, self._rarest) for stem in content_stems(text)}


def describe_words(
    windows: Sequence[Window], shares: Sequence[Shares], chosen: Sequence[int] | None = None
) -> list[Row]:
    """Per criterion the numbers of its chosen window, or of the one with most in common, as `WORD_FEATURES`."""
    if chosen is None:
        chosen = [int(np.argmax(one.rank)) for one in shares]
    own = np.stack([one.own_words for one in shares], axis=1) if shares else np.zeros((len(windows), 0))
    found = []
    for place, (one, best) in enumerate(zip(shares, chosen, strict=True)):
        text = " ".join(sentence.text for sentence in windows[best].sentences)
        values = (
            one.bullet_words[best], one.accepted_words[best], one.near_miss_words[best], one.own_words[best],
            margin(own[best], place), bool(_REJECTION.search(text)), "?" in text, math.log(len(words(text)) + 1),
            one.own_words.max(),
        )  # fmt: skip
        found.append(np.array(values, float))
    return found


def margin(row: Row, place: int) -> float:
    """How much better a window fits this criterion than the best rival; negative where a rival fits better."""
    rivals = np.delete(row, place)
    return float(row[place] - rivals.max()) if len(rivals) else float(row[place])


def _largest(said: Sequence[frozenset[str]], texts: Sequence[Weights]) -> Row:
    """Largest share of any text's words, by weight, that a window has, shape (n,); zeros without texts."""
    best = np.zeros(len(said))
    for weights in texts:
        total = sum(weights.values()) or 1.0
        mine = [sum([weights[stem] for stem in one if stem in weights]) for one in said]
        best = np.maximum(best, np.array(mine) / total)
    return best
