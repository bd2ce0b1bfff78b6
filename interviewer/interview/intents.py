"""What a candidate's message is, besides an answer: a request to repeat, a fishing line, a farewell."""

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

from interviewer.errors import ShippedDataError
from interviewer.interview.terms import words
from interviewer.noun import Noun

Intent = Literal[
    "answer", "empty", "hint", "repeat", "fish", "confirm", "clarify", "time", "wait", "done", "that_is_all", "go_on",
    "pass", "ask_incident",
]  # fmt: skip


class IntentRule(Noun):
    """Fits a message of at most `max_words` words in which one of `patterns` is found, case ignored."""

    intent: Intent
    max_words: int
    patterns: tuple[re.Pattern[str], ...]

    def fits(self, text: str, length: int) -> bool:
        return length <= self.max_words and any(pattern.search(text) for pattern in self.patterns)


def parse_intents(rows: Sequence[dict[str, Any]]) -> tuple[IntentRule, ...]:
    """Rules in the order in which they are tried.

    Raises:
        ShippedDataError: an intent that is not known, or a pattern that does not compile.
    """
    try:
        return tuple(_parse_rule(row) for row in rows)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ShippedDataError(f"The intents do not parse ({error}).") from error


def _parse_rule(row: dict[str, Any]) -> IntentRule:
    if row["intent"] not in get_args(Intent):
        raise ValueError(f"unknown intent {row['intent']!r}")
    patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in row["patterns"])
    return IntentRule(intent=row["intent"], max_words=row["max_words"], patterns=patterns)


def read_intent(text: str, rules: Sequence[IntentRule]) -> Intent:
    """The first intent that fits; `empty` when there is no word at all, `answer` when nothing fits."""
    straight = " ".join(text.replace("’", "'").replace("‘", "'").split())
    length = len(words(straight))
    if not length:
        return "empty"
    return next((rule.intent for rule in rules if rule.fits(straight, length)), "answer")
