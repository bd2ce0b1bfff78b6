"""Judging by ideas that come up: for what shows in a whole answer and has no labelled examples to learn from."""

import re
from collections.abc import Sequence
from functools import lru_cache

from interviewer.grading.sentences import Sentence, quote_of
from interviewer.rubric import Criterion, Cues
from interviewer.transcript import Transcript
from interviewer.verdict import Label, Verdict

_FIRST_ANSWERS = 2
_MOST_QUOTES = 3


def judge_by_cues(
    criterion: Criterion, cues: Cues, sentences: Sequence[Sentence], transcript: Transcript, judge: str
) -> Verdict:
    """A verdict with the sentences that bring the ideas up.

    It is sure only where nothing came up, or more than is needed: nobody's labels stand behind the thresholds.

    Args:
        sentences: what may count as evidence, in order.
    """
    chosen = _in_place(sentences, cues, transcript)
    shown = [next((one for one in chosen if _pattern(group).search(one.text)), None) for group in cues.groups]
    found = [one for one in shown if one]
    label: Label = "met" if len(found) >= cues.met else "partial" if len(found) >= cues.partial else "not_met"
    quoted = sorted(dict.fromkeys(found), key=lambda one: (one.turn, one.start))[:_MOST_QUOTES]
    return Verdict(
        criterion=criterion.bullet,
        label=label,
        score=round(len(found) / len(cues.groups), 4),
        sure=not found or len(found) > cues.met,
        quotes=tuple(quote_of([one], transcript) for one in quoted) if label != "not_met" else (),
        judge=judge,
    )


def _in_place(sentences: Sequence[Sentence], cues: Cues, transcript: Transcript) -> list[Sentence]:
    answers = [index for index, _ in transcript.candidate_turns]
    if cues.where == "start":
        allowed = set(answers[:_FIRST_ANSWERS])
    elif cues.where == "end":
        allowed = set(answers[-max(1, len(answers) // 3) :])
    else:
        allowed = set(answers)
    return [one for one in sentences if one.turn in allowed]


@lru_cache(maxsize=512)
def _pattern(group: tuple[str, ...]) -> re.Pattern[str]:
    """Any cue of a group as whole words.

    >>> bool(_pattern(("roll back", "revert*")).search("I would be reverting it"))
    True
    >>> bool(_pattern(("ci",)).search("cite"))
    False
    """
    cues = (re.escape(cue.rstrip("*")).replace(r"\ ", r"\s+") + (r"\w*" if cue.endswith("*") else "") for cue in group)
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)", re.IGNORECASE)
