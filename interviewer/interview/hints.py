"""The hint ladder: pump, narrow, partial, and in coach mode reveal."""

from interviewer.interview.move import HINT_STEPS, Move
from interviewer.interview.plan import STAGES, Target
from interviewer.interview.view import View
from interviewer.rubric import HintStep


def hint_move(view: View) -> Move:
    """The next step of the ladder for the open question, or a kind word that there is none left."""
    given = [move.step for move in view.since_question if move.step]
    ladder = HINT_STEPS if view.plan.mode == "coach" else HINT_STEPS[:-1]
    targets = _targets(view)
    if len(given) >= len(ladder) or (given and not targets):
        reason = "A hint was asked for and none is left for this question."
        return Move(kind="hold", variant="no_more_hints", reason=reason)
    step = ladder[len(given)]
    if step == "pump":
        return _pump(targets)
    return _pointed(view, step, targets)


def _targets(view: View) -> tuple[Target, ...]:
    """What is still open under the question; under the opening, the first stage that has anything open."""
    if view.current.kind != "brief":
        return view.open_targets(view.current.targets)
    still = view.open_targets(view.plan.criteria)
    stages = [stage for stage in STAGES if any(one.competency == stage for one in still)]
    return tuple(one for one in still if stages and one.competency == stages[0])


def _pump(targets: tuple[Target, ...]) -> Move:
    aims = tuple(one.criterion for one in targets)
    return Move(kind="pump", step="pump", targets=aims, reason="First hint asked for: an invitation to say more.")


def _pointed(view: View, step: HintStep, targets: tuple[Target, ...]) -> Move:
    first = targets[0]
    move = Move(
        kind=step,
        step=step,
        reason=f"Hint asked for, step {step}; it aims at {first.criterion}.",
        targets=(first.criterion,),
        competency=first.competency,
        section=first.section,
    )
    if step == "narrow":
        return _narrow(view, move, first)
    if step == "partial" and first.clue:
        return move.model_copy(update={"slots": {"letter": first.clue[0], "length": str(len(first.clue))}})
    if step == "reveal":
        return move.model_copy(update={"slots": {"statement": f"{first.statement.rstrip('. ')}."}})
    return move.model_copy(update={"kind": "narrow"})


def _narrow(view: View, move: Move, target: Target) -> Move:
    """Names the area; asks the criterion's own probe when that was not asked yet, so that it is not asked again."""
    probe = next((one for one in view.plan.probes if one.id == target.criterion), None)
    if probe is None or probe.id in view.asked or view.current.kind == "brief":
        return move
    return move.model_copy(update={"question": probe.text, "question_id": probe.id})
