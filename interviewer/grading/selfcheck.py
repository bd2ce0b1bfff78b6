"""Asking back: what the judge is unsure of, with the words it hangs on, and what an answer makes of it.

Pure: a face shows `open_questions`, gathers answers, and grades again with `settle`; nothing is kept here.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from interviewer.noun import Noun
from interviewer.rubric import Rubric
from interviewer.transcript import Quote
from interviewer.verdict import Judgement, Label, Verdict

Who = Literal["candidate", "coach"]
# How many questions a face puts at a time.
MOST_ASKED = 6
_DECIDED_BY: frozenset[str] = frozenset(("candidate", "coach"))


class SelfCheck(Noun):
    """A criterion that the judge is not sure of.

    `nearest` is what the talk says closest to it ("did you mean this?"), None where nothing came near; `leaning` is the
    verdict that stands until somebody answers.
    """

    criterion: str
    statement: str
    leaning: Label
    nearest: Quote | None = None


class Answer(Noun):
    """What a person says of a criterion: whether it was `met`, `partial` or `not_met`, and whose word that is."""

    criterion: str
    label: Label
    who: Who


def open_questions(judgements: Sequence[Judgement], rubric: Rubric) -> tuple[SelfCheck, ...]:
    """The unsure criteria, those with the most at stake first: heaviest, then closest to the line."""
    criteria = {one.bullet: one for one in rubric.criteria}
    unsure = [one for one in judgements if one.kind == "verdict" and not one.sure and one.criterion in criteria]
    unsure.sort(key=lambda one: (-criteria[one.criterion].weight, abs(one.score - 0.5)))
    return tuple(
        SelfCheck(
            criterion=one.criterion,
            statement=criteria[one.criterion].statement,
            leaning=one.label,
            nearest=one.nearest or next(iter(one.quotes), None),
        )
        for one in unsure
    )


def settle(judgements: Sequence[Judgement], answers: Sequence[Answer]) -> tuple[Judgement, ...]:
    """The judgements with people's answers in place of what was unsure; the rest is as it was.

    A sure verdict is not open to a candidate's answer, only to a coach's. Of several answers to one criterion the
    coach's last one counts, else the candidate's last. Answers to criteria that were not judged are left out.
    """
    said: dict[str, Answer] = {}
    for answer in answers:
        held = said.get(answer.criterion)
        if held is None or answer.who == "coach" or held.who == "candidate":
            said[answer.criterion] = answer
    return tuple(_settled(one, said) for one in judgements)


def is_settled(judgement: Judgement) -> bool:
    """Whether a person has decided this one."""
    return judgement.judge in _DECIDED_BY


def _settled(judgement: Judgement, said: Mapping[str, Answer]) -> Judgement:
    answer = said.get(judgement.criterion)
    if answer is None or judgement.kind != "verdict":
        return judgement
    if answer.who == "candidate" and (judgement.sure or judgement.judge == "coach"):
        return judgement
    quote = judgement.nearest or next(iter(judgement.quotes), None)
    return Verdict(
        criterion=judgement.criterion,
        label=answer.label,
        score=judgement.score,
        sure=True,
        quotes=(quote,) if quote and answer.label != "not_met" else (),
        judge=answer.who,
    )
