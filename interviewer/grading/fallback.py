"""A judge that steps in for another one."""

from interviewer.errors import ModelError
from interviewer.grading.judge import Judge, Judging, judge_in_full
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement


class FallbackJudge:
    """Judges by the first judge, and where that one's model fails by the second, and says so.

    Args:
        advice: what to do to have it judged by the first one later.
    """

    def __init__(self, first: Judge, second: Judge, advice: str = "") -> None:
        self.identity = first.identity
        self._first, self._second, self._advice = first, second, advice

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        return self.judge_in_full(transcript, rubric).judgements

    def judge_in_full(self, transcript: Transcript, rubric: Rubric) -> Judging:
        """As `judge`; `judge` of the account names both where the second stepped in."""
        try:
            return judge_in_full(self._first, transcript, rubric)
        except ModelError as error:
            why = f"{error.what} {error.next_step}".rstrip()
        given = judge_in_full(self._second, transcript, rubric)
        warning = f"{self._first.identity} could not judge, {self._second.identity} did instead. {why} {self._advice}"
        return given.model_copy(
            update={
                "judge": f"{given.judge} (instead of {self._first.identity})",
                "warnings": (*given.warnings, warning.rstrip()),
            }
        )
