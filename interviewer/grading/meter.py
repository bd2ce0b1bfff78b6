"""What judging takes, told before and after."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from interviewer.grading.language_judge import LanguageJudge
from interviewer.models.budget import BudgetedModel
from interviewer.models.cost import Prices, describe_cost
from interviewer.models.language import Usage
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript

ASSUMED = "80 completion tokens per criterion, nothing cached, nothing asked twice"


@dataclass(frozen=True)
class JudgeTerms:
    """How a language model judges: passes, calls at a time, and what it may spend (None: no limit)."""

    passes: int = 1
    concurrency: int = 4
    max_cost: float | None = None
    max_calls: int | None = None

    @property
    def transcripts(self) -> int:
        """How many at a time keep that many calls busy: each makes six or seven, and none at its beginning and end.

        More would only share the processor among the ones that have not asked anything yet.
        """
        return 1 if self.concurrency == 1 else 2 + self.concurrency // 6


@dataclass(frozen=True)
class Meter:
    """Estimates and counts for one judge and the model behind it."""

    judge: LanguageJudge
    model: BudgetedModel
    prices: Prices
    count_tokens: Callable[[str], int]

    def estimate(self, pairs: Iterable[tuple[Transcript, Rubric]]) -> str:
        """What judging these transcripts will take, with what is assumed."""
        usage = sum((self.judge.estimate(*pair, self.count_tokens) for pair in pairs), Usage())
        return f"Estimate: {describe_cost(usage, self.prices)}. Assumed: {ASSUMED}."

    def spent(self) -> str:
        """What was really used, as the endpoint counted it."""
        return f"Used: {describe_cost(self.model.spent, self.prices)}."
