"""A judge whose verdicts are written down beforehand: for tests, and for trying a report out."""

from collections.abc import Mapping

from interviewer.rubric import Rubric
from interviewer.transcript import Quote, Transcript
from interviewer.verdict import Judgement, Label, Ungraded, Verdict

_SCORES: Mapping[Label, float] = {"met": 0.9, "partial": 0.5, "not_met": 0.1}


class ScriptedJudge:
    """Gives each criterion the label in the script, with the first place where the words to quote stand.

    Args:
        script: criterion -> (label, words of a candidate turn to quote); criteria left out are not met.
        unsure: criteria about which the judge is not sure.
        ungraded: criterion -> why it cannot be judged.
    """

    identity = "scripted@1"

    def __init__(
        self,
        script: Mapping[str, tuple[Label, str]],
        *,
        unsure: frozenset[str] = frozenset(),
        ungraded: Mapping[str, str] | None = None,
    ) -> None:
        self._script = script
        self._unsure = unsure
        self._ungraded = ungraded or {}

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        """See `Judge`. A criterion whose words to quote are nowhere in a candidate turn is ungraded."""
        return tuple(self._one(criterion.bullet, transcript) for criterion in rubric.criteria)

    def _one(self, criterion: str, transcript: Transcript) -> Judgement:
        if criterion in self._ungraded:
            return Ungraded(criterion=criterion, reason=self._ungraded[criterion], judge=self.identity)
        label, words = self._script.get(criterion, ("not_met", ""))
        quote = _find_quote(words, transcript)
        if label != "not_met" and quote is None:
            return Ungraded(criterion=criterion, reason="The words to quote were not said.", judge=self.identity)
        return Verdict(
            criterion=criterion,
            label=label,
            score=_SCORES[label],
            sure=criterion not in self._unsure,
            quotes=(quote,) if quote and label != "not_met" else (),
            judge=self.identity,
        )


def _find_quote(words: str, transcript: Transcript) -> Quote | None:
    for index, turn in transcript.candidate_turns:
        start = turn.text.find(words) if words else -1
        if start >= 0:
            return Quote(turn=index, start=start, end=start + len(words), text=words)
    return None
