"""What comes next, as a pure function: rules in order, the first that applies decides."""

from collections.abc import Callable
from math import ceil

from interviewer.interview.coverage import Coverage, SaidMove
from interviewer.interview.hints import hint_move
from interviewer.interview.move import Move, MoveKind
from interviewer.interview.plan import Plan
from interviewer.interview.questions import find_question, question_move
from interviewer.interview.terms import words
from interviewer.interview.view import View
from interviewer.transcript import Transcript

Rule = Callable[[View], Move | None]

THIN_OPENING_WORDS = 25
MOST_REDIRECTS = 2
_MOST_DECLINES = 2
_OPEN_INVITATIONS: frozenset[MoveKind] = frozenset({"hold", "pump", "narrow", "partial", "neutral"})


def next_move(transcript: Transcript, plan: Plan, coverage: Coverage) -> Move:
    """The interviewer's next move. The same three values give the same move.

    `transcript` ends with the candidate turn that is to be answered, or is empty, or, when a hint or the end was asked
    for by command, ends with the interviewer's turn; `coverage` is the ledger of the same events, time used included.
    """
    view = View(transcript, plan, coverage)
    return next(move for rule in RULES if (move := rule(view)) is not None)


def second_choice(transcript: Transcript, plan: Plan, coverage: Coverage, first: Move) -> Move | None:
    """The question that would come if the first one had been asked already; None where `first` asks no question.

    A speaker that finds the first one answered in the very message that it replies to, which the ledger may not know
    yet, says this one instead.
    """
    if first.kind not in ("ask_follow_up", "probe"):
        return None
    view = View(transcript, plan, coverage)
    said = SaidMove(turn=len(transcript.turns), move=first)
    beyond = View(transcript, plan, coverage.model_copy(update={"moves": (*coverage.moves, said)}))
    question = find_question(beyond)
    lead = "" if first.lead == "turn_to" else first.lead
    return question_move(view, question, lead) if question else None


def _opening(view: View) -> Move | None:
    if view.moves:
        return None
    slots = {"prompt": view.plan.prompt, "minutes": str(view.plan.minutes)}
    reason = "Nothing was said yet: the incident and the rules come first."
    return Move(kind="brief", variant=view.plan.mode, section="brief", slots=slots, reason=reason)


def _finish(view: View) -> Move | None:
    if view.last and view.last.kind == "self_rating":
        return Move(kind="debrief", reason="The self-rating is in or was skipped.")
    if view.coverage.request == "finish":
        return Move(kind="self_rating", reason="The end was asked for.")
    return None


def _closing(view: View) -> Move | None:
    if view.last is None or view.last.kind != "wrap_up":
        return None
    early = view.last.variant == "asked" and not _no_room(view)
    question = find_question(view) if early and view.intent == "go_on" else None
    return question_move(view, question, "") if question else Move(kind="self_rating", reason="The last word was said.")


def _budget(view: View) -> Move | None:
    if view.candidate_turns >= view.plan.turn_budget:
        return Move(kind="self_rating", reason=f"All {view.plan.turn_budget} turns are used.")
    if reason := _no_room(view):
        return Move(kind="wrap_up", variant="no_room", reason=reason)
    return None


def _no_room(view: View) -> str:
    """Why nothing more may be asked; empty when something may."""
    if view.candidate_turns >= view.plan.turn_budget - 1:
        return f"One turn of {view.plan.turn_budget} is left."
    if view.time_is_nearly_up:
        return f"{view.coverage.elapsed_s / 60:.0f} of {view.plan.minutes} minutes are used."
    return ""


def _hint(view: View) -> Move | None:
    return hint_move(view) if view.coverage.request == "hint" or view.intent == "hint" else None


def _done(view: View) -> Move | None:
    invited = view.last is not None and view.last.kind in _OPEN_INVITATIONS
    if view.intent == "done" or (view.intent == "that_is_all" and not invited):
        return Move(kind="wrap_up", variant="asked", reason="The candidate said that they are done.")
    return None


def _remark(view: View) -> Move | None:
    """Requests that use up no question: the one that is open is put again."""
    if view.intent == "repeat":
        return _again(view, "repeat", "The candidate asked to hear it again.", variant=view.current.kind)
    if view.intent in ("clarify", "ask_incident"):
        variant = "question" if view.intent == "clarify" else "incident"
        return _again(view, "clarify", "The candidate asked a question about it.", variant=variant)
    if view.intent == "time":
        left = str(max(ceil(view.seconds_left / 60), 1))
        slots = {"minutes_left": left, "minutes": str(view.plan.minutes)}
        return _again(view, "time_check", "The candidate asked for the time.", slots=slots)
    if view.intent == "wait":
        return Move(kind="hold", variant="wait", reason="The candidate asked for a moment.")
    return None


def _again(view: View, kind: MoveKind, reason: str, variant: str = "", slots: dict[str, str] | None = None) -> Move:
    facts = dict(slots or {})
    if kind == "repeat" and view.current.kind == "brief":
        facts["prompt"] = view.plan.prompt
    return Move(
        kind=kind,
        reason=reason,
        question=view.current.question,
        competency=view.current.competency,
        section=view.current.section,
        variant=variant,
        slots=facts,
    )


def _verdict_wanted(view: View) -> Move | None:
    if view.intent != "confirm":
        return None
    already = any(move.kind == "neutral" for move in view.since_question)
    if already or len(words(view.text)) >= THIN_OPENING_WORDS:
        return _onward(view, "no_verdict")
    return Move(kind="neutral", reason="The candidate asked whether it is right; nothing is confirmed before the end.")


def _answer_wanted(view: View) -> Move | None:
    if view.intent != "fish":
        return None
    if sum(move.kind == "decline" for move in view.since_question) >= _MOST_DECLINES:
        return _onward(view, "no_answer")
    return _again(view, "decline", "The candidate asked for answers or tried to instruct the interviewer.")


def _astray(view: View) -> Move | None:
    if not view.is_astray:
        return None
    if view.count("redirect") >= MOST_REDIRECTS:
        return _onward(view, "astray")
    return _again(view, "redirect", "Hardly a word of the message is about an incident.")


def _thin_opening(view: View) -> Move | None:
    thin = view.intent in ("answer", "empty", "go_on") and len(words(view.text)) < THIN_OPENING_WORDS
    if thin and view.current.kind == "brief" and not view.count("hold", "thin"):
        return Move(kind="hold", variant="thin", reason="The opening answer is very short.")
    return None


def _onward(view: View, lead: str = "") -> Move:
    question = find_question(view)
    if question:
        return question_move(view, question, lead)
    why = "All questions of the plan were asked." if view.is_budget_spent else "Nothing is left that is worth asking."
    return Move(kind="wrap_up", reason=why)


def _next_question(view: View) -> Move | None:
    return _onward(view, "passed" if view.intent == "pass" else "")


RULES: tuple[Rule, ...] = (
    _opening,
    _finish,
    _closing,
    _budget,
    _hint,
    _done,
    _remark,
    _verdict_wanted,
    _answer_wanted,
    _astray,
    _thin_opening,
    _next_question,
)
