"""A model without a network: reads a prompt as it stands, and answers with the passages that fit the question best.

It follows what the prompt asks (how many points, whether to quote, whether it may decline), so that a change of the
prompt changes its answers; it sees no more of the prompt than its window, and judges fit by its own embedder.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from interviewer.evaluation.response import NO_ANSWER
from interviewer.index.lexical import tokenize
from interviewer.models.embedder import Embedder

_PASSAGE = re.compile(r'<passage id="(p\d+)">(.*?)</passage>', re.DOTALL)
_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)
_MOST = re.compile(r"\bat most (\d+) points?\b")
_ALL_POINTS = 12


@dataclass(frozen=True)
class ExtractiveModel:
    """Answers with passages.

    Args:
        embedder: by which fit is judged, together with shared words.
        window: characters of a prompt's passages that are read; the rest is not seen.
        least: fit under which nothing answers; `near`: how far behind the best a point may lie.
    """

    embedder: Embedder
    window: int = 8000
    least: float = 0.30
    near: float = 0.30
    name: str = "extractive"

    @property
    def identity(self) -> str:
        return f"{self.name}@1"

    def complete(self, prompt: str) -> str:
        """Points with quotes, or `NO ANSWER` where the prompt allows it and nothing fits."""
        question = _QUESTION.search(prompt)
        passages = self._read(prompt)
        instructions = prompt.partition("<passages>")[0]
        if question is None or not passages:
            return NO_ANSWER
        fits = self._fits(question[1], [text for _, text in passages])
        best = max(fits)
        if best < self.least and NO_ANSWER in instructions:
            return NO_ANSWER
        most = int(found[1]) if (found := _MOST.search(instructions)) else _ALL_POINTS
        order = sorted(range(len(passages)), key=lambda row: -fits[row])
        chosen = [row for row in order if fits[row] >= best - self.near][:most]
        quotes = "quote" in instructions
        return "\n".join(_line(*passages[row], quotes) for row in chosen)

    def _read(self, prompt: str) -> list[tuple[str, str]]:
        seen, passages = 0, []
        for found in _PASSAGE.finditer(prompt):
            seen += len(found[2])
            if seen > self.window:
                break
            passages.append((found[1], found[2]))
        return passages

    def _fits(self, question: str, texts: Sequence[str]) -> list[float]:
        vectors = self.embedder.embed([question, *texts])
        asked = _stems(question)
        shared = [len(asked & _stems(text)) / max(1, len(_stems(text))) for text in texts]
        return [float(one @ vectors[0]) + 0.3 * share for one, share in zip(vectors[1:], shared, strict=True)]


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(tokenize(text))


def _line(passage: str, text: str, quotes: bool) -> str:
    return f'- {text} [{passage}: "{text}"]' if quotes else f"- {text}"
