"""Candidate turns cut into sentences and windows, every one an exact span."""

import re
from collections.abc import Iterator, Sequence

from interviewer.noun import Noun
from interviewer.transcript import Quote, Transcript

MAX_SENTENCE_CHARS = 400
# An end mark with what closes after it, a line break, or a semicolon; a dot inside a number or path ends nothing.
_END = re.compile(r"(?<=[.!?])[\"')\]\u201d]*\s+|\n+|;\s+|\s+\u2014\s+|\s+-{2,3}\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|cf|resp|incl|no|nr|Dr|Mr|Ms)|\b[A-Z])\.$", re.IGNORECASE)


class Sentence(Noun):
    """A span of a candidate turn: `turn` 0-based, `start`, `end` character offsets into the turn's text."""

    turn: int
    start: int
    end: int
    text: str


def split_sentences(text: str, turn: int) -> tuple[Sentence, ...]:
    """The sentences of one turn in order; very long ones are cut at commas or blanks."""
    found = []
    for start, end in _spans(text):
        for first, last in _cut(text, start, end):
            found.append(Sentence(turn=turn, start=first, end=last, text=text[first:last]))
    return tuple(found)


def candidate_sentences(transcript: Transcript) -> tuple[Sentence, ...]:
    """The sentences of every candidate turn, in order."""
    return tuple(one for index, turn in transcript.candidate_turns for one in split_sentences(turn.text, index))


def quote_of(sentences: Sequence[Sentence], transcript: Transcript) -> Quote:
    """Neighbouring sentences of one turn as one quote, what stands between them included."""
    turn, start, end = sentences[0].turn, sentences[0].start, sentences[-1].end
    return Quote(turn=turn, start=start, end=end, text=transcript.turns[turn].text[start:end])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(text):
        if _ABBREVIATION.search(text, start, mark.start()) and "\n" not in mark[0]:
            continue
        yield from _trimmed(text, start, mark.start())
        start = mark.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(letter.isalnum() for letter in text[start:end]):
        yield start, end


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        place = max(text.rfind(", ", start + 80, limit), text.rfind(" and ", start + 80, limit))
        place = place if place > start else text.rfind(" ", start + 80, limit)
        place = place if place > start else limit
        yield from _trimmed(text, start, place)
        start = place
    yield from _trimmed(text, start, end)
