"""A splitter that does not see the document's structure: windows of so many words, across bullets and headings.

What a document of unknown form would be cut with, and the floor that `structure-splitter` has to beat.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.chunk import Chunk, KeyChunk
from interviewer.drills.phrasings import Phrasings
from interviewer.drills.split import CountTokens, Splitter, public_chunks, scenario_id
from interviewer.manifest import SplitterDigest
from interviewer.scenario import DrillDocument

_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class _Windows:
    size: int
    step: int

    def __call__(self, document: DrillDocument, phrasings: Phrasings, count_tokens: CountTokens) -> tuple[Chunk, ...]:
        return (*public_chunks(document, phrasings, count_tokens), *self._key(document, count_tokens))

    def _key(self, document: DrillDocument, count_tokens: CountTokens) -> Iterator[KeyChunk]:
        words = [match.span() for match in _WORD.finditer(document.source)]
        for number, first in enumerate(range(0, len(words), self.step), 1):
            start, end = words[first][0], words[min(first + self.size, len(words)) - 1][1]
            scenario = _scenario_at(document, (start + end) // 2)
            yield KeyChunk(
                id=f"{scenario_id(scenario) if scenario else 'preamble'}/window/{number}",
                scenario=scenario,
                section="window",
                text=document.source[start:end],
                start=start,
                end=end,
                tokens=count_tokens(document.source[start:end]),
            )


def window_splitter(size: int, step: int) -> Splitter:
    """Windows of `size` words, one every `step` words; they know the scenario of their middle and no bullet."""
    return Splitter(
        SplitterDigest(identity="window-splitter@1", parameters={"size": size, "step": step}), _Windows(size, step)
    )


def _scenario_at(document: DrillDocument, place: int) -> int | None:
    return next((one.number for one in document.scenarios if one.start <= place < one.end), None)
