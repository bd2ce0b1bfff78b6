"""Words as the grading compares them: lower case, lightly stemmed, function words left out."""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

IDF = Path(__file__).with_name("assets") / "idf-1.json"

_WORD = re.compile(r"[a-z0-9]+(?:[./_-][a-z0-9]+)*")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ies", "ed", "es", "s", "ly")
_FUNCTION_WORDS = (
    "a about after all also am an and any are as at be because been before being but by can could did do does "
    "doing done for from get go had has have having he her here hers him his how i i'd i'll i'm i've if in into "
    "is it it's its just let like me might more most much must my no nor not now of off ok on one only or other "
    "our out over own same she should so some such than that that's the their them then there these they thing "
    "things this those to too up us very was we we'd we'll we're were what when where which while who why will "
    "with without would yes yet you your "
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


def words(text: str) -> list[str]:
    """Lower-case words in order; versions, paths and names with dots stay whole."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without a common English ending; at least three letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word not in FUNCTION_WORDS]


@cache
def read_idf() -> Mapping[str, float]:
    """Weight of stems: the rarer among candidates, the heavier (evals/gold/train, tools/fit_baselines.py)."""
    found: dict[str, float] = json.loads(IDF.read_text(encoding="utf-8"))
    return found
