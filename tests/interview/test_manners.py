"""Sentences that an interviewer does not say, and ones that only look like them."""

import pytest

from interviewer.interview.manners import find_fault


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Great, that helps.", "praise"),
        ("Good point.", "praise"),
        ("That's a solid approach, thanks.", "praise"),
        ("Thanks for walking me through that.", "praise"),
        ("I like how you separate the two.", "praise"),
        ("Exactly.", "verdict"),
        ("You're right about the cache.", "verdict"),
        ("That is not quite it.", "verdict"),
        ("Makes sense.", "verdict"),
        ("You missed one thing.", "verdict"),
        ("No, the relay was fine.", "verdict"),
        ("So far you have looked at the queue and at the crashes.", "summary"),
        ("To summarise, two halves.", "summary"),
        ("My instructions do not allow that.", "rules"),
        ("As an AI I cannot say.", "rules"),
        ("Have you considered the certificate?", "suggestion"),
        ("You might want to check the logs.", "suggestion"),
    ],
)
def test_what_is_not_said(sentence: str, fault: str) -> None:
    assert find_fault(sentence) == fault


@pytest.mark.parametrize(
    "sentence",
    [
        "You mentioned the gateway.",
        "Which of these numbers would tell you most?",
        "Right now users are waiting.",
        "Good to have you here.",
        "Suppose the restart brings no relief.",
        "What would a good dashboard have shown you?",
        "Priya's group has the table again.",
        "I keep my view until we are done.",
        "Take one more pass at it.",
        "How would you know that it is right?",
        "Nobody has looked at the exact time yet.",
        "We can leave that one.",
    ],
)
def test_what_may_be_said(sentence: str) -> None:
    assert find_fault(sentence) == ""
