"""Where a chunk stands in the document that the labels point into, however it was cut and whatever it was cut from."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from difflib import SequenceMatcher

from interviewer.chunk import Chunk

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 4  # of a line that is looked for by its words


class Reference:
    """The document that the labels point into, as numbered words."""

    def __init__(self, source: str) -> None:
        self.source = source
        found = list(_WORD.finditer(source))
        self.words = [match[0] for match in found]
        self._starts = [match.start() for match in found]
        self._text = f" {' '.join(self.words)} "

    def words_between(self, start: int, end: int) -> frozenset[int]:
        """Numbers of the words that begin in a span of characters."""
        return frozenset(range(bisect_left(self._starts, start), bisect_left(self._starts, end)))

    def find_line(self, line: str) -> frozenset[int]:
        """Numbers of the words of a line, or of its part behind a colon, where it stands word for word."""
        for part in (line, line.partition(": ")[2]):
            wanted = _WORD.findall(part)
            at = self._text.find(f" {' '.join(wanted)} ") if len(wanted) >= _FEWEST_WORDS else -1
            if at >= 0:
                first = self._text.count(" ", 0, at + 1) - 1
                return frozenset(range(first, first + len(wanted)))
        return frozenset()


class Alignment:
    """Maps chunks of one text of a document to words of the reference: the same text, one reformatted, or one
    edited."""

    def __init__(self, source: str, reference: Reference) -> None:
        self._reference = reference
        self._own = reference if source == reference.source else Reference(source)
        self._to_reference = None if self._own is reference else dict(_matches(self._own.words, reference.words))

    def words_of(self, chunk: Chunk) -> frozenset[int]:
        """Words of the reference that a chunk covers; empty for text that is not, or no longer, in it."""
        if not chunk.end:
            return frozenset[int]().union(*(self._reference.find_line(line) for line in chunk.text.split("\n")))
        own = self._own.words_between(chunk.start, chunk.end)
        if self._to_reference is None:
            return own
        return frozenset(self._to_reference[word] for word in own if word in self._to_reference)


def coverage(covered: frozenset[int], span: frozenset[int]) -> float:
    """Share of a span that is covered, in [0, 1]; 0 for an empty span."""
    return len(covered & span) / len(span) if span else 0.0


def _matches(own: list[str], reference: list[str]) -> Iterator[tuple[int, int]]:
    for block in SequenceMatcher(None, own, reference, autojunk=False).get_matching_blocks():
        yield from zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True)
