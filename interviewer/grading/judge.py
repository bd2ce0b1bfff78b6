"""What a judge is, whoever it is."""

from typing import Protocol

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
