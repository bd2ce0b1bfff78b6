"""Words of rubric texts, reduced so that forms of one word count as one."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from interviewer.errors import RubricError
from interviewer.yaml_file import read_yaml

GENERAL_WORDS = Path(__file__).with_name("general_words.yaml")

_WORD = re.compile(r"[a-z0-9]+")
_CONTRACTED = re.compile(r"['’][a-z]+")
_SHORTEST = 4
_ENDINGS = sorted(
    """ability ibility ating ated ations ation ments ment ances ance ences ence ities ity ions ion ings ing ness able
    ible ates ate ized ize ises ise ies ied ers er est es ed ly ty s e
    y""".split(),  # noqa: SIM905 - a list of endings reads better
    key=len,
    reverse=True,
)


def words(text: str) -> list[str]:
    """Lower-case words and numbers in order; what follows an apostrophe is dropped.

    >>> words("Don't re-train the team's model!")
    ['don', 're', 'train', 'the', 'team', 'model']
    """
    return _WORD.findall(_CONTRACTED.sub("", text.lower()))


def stem(word: str) -> str:
    """A word less its endings, at least four letters long; the same for all forms of most words.

    >>> stem("jobs"), stem("class")
    ('job', 'class')
    >>> {stem(word) for word in ("deploy", "deploys", "deployed", "deployment", "deployments")}
    {'deplo'}
    """
    if word.endswith("ss") and not word.endswith("ness"):
        return word
    if word.endswith("s") and len(word) == _SHORTEST:
        return word[:-1]
    shortened = next(
        (word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _SHORTEST), word
    )
    return word if shortened == word else stem(shortened)


def telling_stems(text: str) -> dict[str, str]:
    """Stem -> word as it stands in the text, of all words that are not general."""
    general = general_stems()
    found = {stem(word): word for word in words(text) if len(word) > 1}
    return {root: word for root, word in found.items() if root not in general}


def joined_stems(text: str) -> dict[str, str]:
    """Stem of every two neighbours written as one word -> the two as they stand in the text."""
    listed = words(text)
    return {stem(one + other): f"{one} {other}" for one, other in pairwise(listed)}


@cache
def general_stems() -> frozenset[str]:
    """Stems of the words that tell nothing about any answer; the file says why for each group.

    Raises:
        RubricError: the shipped list is broken.
    """
    try:
        groups = read_yaml(GENERAL_WORDS, RubricError)["groups"]
        return frozenset(stem(word) for group in groups for word in words(group["words"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise RubricError("is not a list of groups of words.", where=str(GENERAL_WORDS)) from error
