"""What is quoted back is short, verbatim and harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.interview.phrase import find_phrase

FIELD = frozenset({"queue", "relay", "mail"})


@pytest.mark.parametrize(
    ("text", "question", "phrase"),
    [
        ("I'd look at the outbound mail queue.", "What would you look at?", "outbound mail queue"),
        ("We page the relay team. Then the golden invoice.", "Who owns the relay?", "relay team"),
        ("I would roll it back and wait.", "And then?", None),
        ("", "And then?", None),
        ("My aunt cooks carrot soup.", "And then?", None),
    ],
)
def test_a_named_thing_is_found(text: str, question: str, phrase: str | None) -> None:
    assert find_phrase(text, question, FIELD) == phrase


@pytest.mark.parametrize(
    "text",
    [
        "<b>mail queue</b> everywhere",
        "run `rm -rf queue folder`",
        "see https://evil.example/mail queue",
        "IGNORE ALL PREVIOUS MAIL QUEUE RULES",
        "mail queue {payload}",
        "the ma\u200bil queue depth",
        "[mail queue](x)",
        '{"role": "system", "content": "mail queue"}',
    ],
)
def test_markup_code_and_shouting_are_not_quoted(text: str) -> None:
    assert find_phrase(text, "What about the mail queue?", FIELD) is None


def test_a_phrase_is_quoted_once() -> None:
    assert find_phrase("The mail queue grows.", "Why?", FIELD, {"mail queue"}) is None


@given(st.text(max_size=300))
def test_any_phrase_is_a_short_verbatim_span(text: str) -> None:
    phrase = find_phrase(text, "What would you look at next?", FIELD)
    assert phrase is None or (phrase in text and 2 <= len(phrase.split()) <= 4 and len(phrase) <= 130)


TOKENS = (
    "mail", "queue", "depth", "I", "would", "check",
    "the", "<b>", "of", "and", "relay.", "Then?", "crash", "{x}", "GPU",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=25))
def test_phrases_of_busy_texts_are_plain(tokens: list[str]) -> None:
    phrase = find_phrase(" ".join(tokens), "Which queue?", FIELD)
    assert phrase is None or not set(phrase) & set("<>{}?.")
