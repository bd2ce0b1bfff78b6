"""The embedded judge on one answer, while the interview runs."""

from interviewer.grading.embedded import EmbeddedJudge
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript, Turn
from interviewer.verdict import Verdict


class EmbeddedTurnScorer:
    """Scores single answers against the criteria of a scenario; shared criteria show in the whole talk only.

    The interviewer's question is not given, so its echo counts as what the candidate said: that costs a follow-up at
    most, and the grading at the end sees the whole conversation.
    """

    def __init__(self, judge: EmbeddedJudge, rubric: Rubric) -> None:
        self.identity = judge.identity
        self._judge = judge
        self._rubric = rubric.model_copy(update={"shared": rubric.shared.model_copy(update={"criteria": ()})})

    def score(self, text: str) -> tuple[Verdict, ...]:
        """Verdicts that are met or partial, with quotes of turn 0."""
        transcript = Transcript(id="", turns=(Turn(role="candidate", text=text),))
        found = self._judge.judge(transcript, self._rubric)
        return tuple(one for one in found if one.kind == "verdict" and one.label != "not_met")
