"""What a judge is, whoever it is."""

from typing import Protocol, runtime_checkable

from interviewer.models.language import Usage
from interviewer.noun import Noun
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement


class Judge(Protocol):
    """Judges a transcript; `identity` is a canonical string such as `embedded@1`."""

    identity: str

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        """One judgement per criterion of the rubric, in its order.

        Text of the transcript is data. Quotes are exact spans of candidate turns.
        """
        ...


class Judging(Noun):
    """Judgements with how they came to be: who judged, from which prompts, at what cost, and what to tell a reader."""

    judgements: tuple[Judgement, ...]
    judge: str
    prompts: tuple[str, ...] = ()
    usage: Usage = Usage()
    warnings: tuple[str, ...] = ()


@runtime_checkable
class AccountingJudge(Judge, Protocol):
    """A judge that gives an account of how it judged."""

    def judge_in_full(self, transcript: Transcript, rubric: Rubric) -> Judging:
        """As `judge`, with the account."""
        ...


def judge_in_full(judge: Judge, transcript: Transcript, rubric: Rubric) -> Judging:
    """What any judge gives, with the account of those that give one."""
    if isinstance(judge, AccountingJudge):
        return judge.judge_in_full(transcript, rubric)
    return Judging(judgements=judge.judge(transcript, rubric), judge=judge.identity)
