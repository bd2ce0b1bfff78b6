"""Who says how far one sentence says what another says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from interviewer.evaluation.response import Response
from interviewer.models.embedder import Embedder


class PointJudge(Protocol):
    """Compares sentences; `identity` is a canonical string such as `embedded-points@1`."""

    @property
    def identity(self) -> str: ...

    def credit(self, said: Sequence[str], wanted: Sequence[str]) -> list[float]:
        """For each wanted sentence a credit in [0, 1]: how far something that was said says it."""
        ...


@dataclass(frozen=True)
class EmbeddedPointJudge:
    """By cosine: `met` gives 1, `partial` one half, less nothing."""

    embedder: Embedder
    met: float = 0.75
    partial: float = 0.60

    @property
    def identity(self) -> str:
        return "embedded-points@1"

    def credit(self, said: Sequence[str], wanted: Sequence[str]) -> list[float]:
        if not said or not wanted:
            return [0.0] * len(wanted)
        best = (self.embedder.embed(wanted) @ self.embedder.embed(said).T).max(axis=1)
        return [1.0 if one >= self.met else 0.5 if one >= self.partial else 0.0 for one in best.tolist()]


def score_response(judge: PointJudge, response: Response, wanted: Sequence[str]) -> float:
    """Mean credit over the points that a good answer rests on, in [0, 1]."""
    credits = judge.credit([point.text for point in response.points], wanted)
    return sum(credits) / len(credits) if credits else 0.0
