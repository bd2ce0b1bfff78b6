"""Which question comes next: a walk through the stages in their natural order."""

from collections.abc import Iterable, Iterator

from interviewer.interview.move import Move
from interviewer.interview.plan import STAGES, Question
from interviewer.interview.view import View
from interviewer.rubric import CompetencyId

_PROBE_ORDER = {"not_reached": 0, "partial": 1, "missed": 2}


def find_question(view: View) -> Question | None:
    """The next question that was not asked and is not answered; None when none is worth asking or the budget is spent.

    First pass: from the stage reached on, each stage up to its quota. Second pass: follow-ups that are left, then the
    stage of which least has come up.
    """
    if view.is_budget_spent:
        return None
    for stage in STAGES[_reached(view) :]:
        question = _in_stage(view, stage)
        if question and view.asked_in(stage) < view.plan.quotas.get(stage, 0):
            return question
    thinnest = sorted(STAGES, key=lambda stage: (view.share(stage), STAGES.index(stage)))
    left = (_in_stage(view, stage) for stage in thinnest)
    return next(_follow_ups(view, STAGES), None) or next((question for question in left if question), None)


def question_move(view: View, question: Question, lead: str) -> Move:
    """The move that asks it, with the reason in words."""
    listed = question.section == "followup"
    still = len(view.open_targets(question.targets))
    status = view.coverage.entry(question.id).status.replace("_", " ")
    why = (
        f"Listed follow-up, not answered yet; {still} of its {len(question.targets)} points are open."
        if listed
        else f"{question.id} is {status}; {view.share(question.competency):.0%} of {question.competency} has come up."
    )
    earlier = next((move.competency for move in reversed(view.moves) if move.asks), None)
    return Move(
        kind="ask_follow_up" if listed else "probe",
        reason=why,
        question=question.text,
        question_id=question.id,
        targets=question.targets,
        competency=question.competency,
        section=question.section,
        lead=lead or ("turn_to" if question.competency != earlier else ""),
    )


def _reached(view: View) -> int:
    """Index of the furthest stage in which something was asked."""
    asked = (move.competency for move in view.moves if move.kind in ("ask_follow_up", "probe"))
    return max((STAGES.index(stage) for stage in asked if stage in STAGES), default=0)


def _in_stage(view: View, stage: CompetencyId) -> Question | None:
    return next(_follow_ups(view, (stage,)), None) or next(iter(_probes(view, stage)), None)


def _follow_ups(view: View, stages: Iterable[CompetencyId]) -> Iterator[Question]:
    """Listed follow-ups of these stages, in their order; within one, those with more that is uncovered first."""
    for stage in stages:
        mine = [question for question in view.plan.follow_ups if question.competency == stage]
        mine.sort(key=lambda question: -len(view.open_targets(question.targets)))
        yield from (one for one in mine if one.id not in view.asked and not view.is_answered(one))


def _probes(view: View, stage: CompetencyId) -> list[Question]:
    """Probes worth asking, best first: not reached before half said before missed, then sections by turns."""
    if view.share(stage) >= view.plan.enough:
        return []
    asked_sections = [move.section for move in view.moves if move.kind == "probe" and move.competency == stage]
    mine = [
        question
        for question in view.plan.probes
        if question.competency == stage and question.id not in view.asked and not view.is_answered(question)
    ]

    def order(question: Question) -> tuple[int, int, float]:
        target = view.plan.target(question.id)
        status = view.coverage.entry(question.id).status
        return (_PROBE_ORDER[status], asked_sections.count(question.section), -(target.weight if target else 1.0))

    return sorted(mine, key=order)
