"""Words that carry meaning, and sentences, of English text."""

import re
from functools import lru_cache

_STOP = frozenset(
    """a about above actually after again all almost also am an and any are around as at back be because been
    before being between both but by came can case come could did do does doing done down during each else end
    even ever every first for from gave get give go going good got had has have having he her here him his how i
    if in into is it its just keep kind know last later least less let lets like likely little look looks lot
    made make makes many may maybe me mean might more most much must my myself need needs never new next no nor
    not nothing now of off often ok okay on once one only or other our out over own part people perhaps probably
    put quite rather really right said same say says see seem she should since so some something soon start
    still such sure take takes tell than that the their them then there these they thing things think this those
    though three through time to too two under until up upon us use used using usually very want was way we well
    went were what when where whether which while who whole why will with within without would yeah yes yet you
    your whats thats dont doesnt didnt isnt wasnt wont cant couldnt wouldnt im ive id ill youre theyre were weve
    theres""".split()  # noqa: SIM905 - a list of words reads better as words
)
_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ness", "ment", "ers", "er", "es", "ed", "ly", "s", "e")


def words(text: str) -> list[str]:
    """Lower-case words and numbers in order, apostrophes dropped.

    >>> words("Don't roll-back v2!")
    ['dont', 'roll', 'back', 'v2']
    """
    return [match.replace("'", "").replace("’", "") for match in _WORD.findall(text.lower())]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word less its ending, at least four letters long; crude on purpose, the same for all.

    >>> [stem(word) for word in ("features", "feature", "batching", "cost")]
    ['featur', 'featur', 'batch', 'cost']
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def is_content(word: str) -> bool:
    """Whether a word of `words` says something by itself."""
    return word not in _STOP and (len(word) > 2 or any(letter.isdigit() for letter in word))


def terms(text: str) -> list[str]:
    """Stems of the content words, in order, with repeats."""
    return [stem(word) for word in words(text) if is_content(word)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence or line, without surrounding blanks; empty ones left out."""
    spans, start = [], 0
    for gap in [*_SENTENCE_END.finditer(text), None]:
        end = gap.start() if gap else len(text)
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = gap.end() if gap else end
    return spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]
