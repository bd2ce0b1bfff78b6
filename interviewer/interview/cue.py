"""What the model that speaks may know of a move: an instruction and a neutral question, and nothing of the key.

The types are the gate. A question gets in only when it is one that the plan may put to anybody: a listed follow-up, an
authored probe, an authored area question. Hints that give part of the key away are never put into words by a model.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from interviewer.interview.move import Move, MoveKind
from interviewer.interview.plan import Plan
from interviewer.noun import Noun
from interviewer.prompts.template import render, slots_of

AUTHORED_ONLY: frozenset[MoveKind] = frozenset({"partial", "reveal", "self_rating", "debrief"})
_BY_VARIANT: frozenset[MoveKind] = frozenset({"hold", "clarify", "wrap_up"})

Wording = Mapping[str, Any]


class Observation(Noun):
    """A fact about the incident that the candidate earned by asking: said in the interviewer's turn `turn`."""

    turn: int
    asked: str
    told: str


class Brief(Noun):
    """What everybody may know of the incident before the interview."""

    title: str
    prompt: str
    minutes: int
    level: str


class Cue(Noun):
    """An instruction in words for whoever speaks, with the neutral question where there is one.

    `has_second` says that it offers two questions, A and B, of which the second is for when the first is answered.
    """

    kind: MoveKind
    instruction: str
    question: str = ""
    has_second: bool = False


def brief_of(plan: Plan) -> Brief:
    return Brief(title=plan.title, prompt=plan.prompt, minutes=plan.minutes, level=plan.level)


def is_authored_only(move: Move) -> bool:
    """Whether a move is always said in authored words: it gives something away, or is a fixed text."""
    return move.kind in AUTHORED_ONLY or (move.kind == "repeat" and move.variant == "brief")


def build_cue(
    move: Move, plan: Plan, earned: Sequence[Observation], moves: Wording, wording: Wording, second: Move | None = None
) -> Cue:
    """The cue for a move.

    Args:
        second: what to ask where the candidate's last message has answered the first question already.
        earned: facts that were given before, for moves that may give another.
        moves: the data of a `moves@N` prompt.
        wording: the data of a `wording@N` prompt, for the names of areas and their questions.

    Raises:
        ValueError: the move is authored only, or its question is none that may be put to anybody.
    """
    if is_authored_only(move):
        raise ValueError(f"{move.kind} is never worded by a model")
    if second is not None:
        told = [_instruct(one, plan, earned, moves, wording) for one in (move, second)]
        return Cue(
            kind=move.kind,
            instruction=render(str(moves["either"]), {"first": told[0], "second": told[1]}),
            question=move.question,
            has_second=True,
        )
    told_once = _instruct(move, plan, earned, moves, wording)
    return Cue(kind=move.kind, instruction=told_once, question=_question(move, plan, wording))


def _instruct(move: Move, plan: Plan, earned: Sequence[Observation], moves: Wording, wording: Wording) -> str:
    question = _question(move, plan, wording)
    name = f"{move.kind}_{move.variant}" if move.kind in _BY_VARIANT and move.variant else move.kind
    template = str(moves["kinds"][name])
    known = {
        "question": question,
        "area": str(wording["areas"].get(move.section, wording["areas"]["brief"])),
        "facts": " ".join(f"“{one.asked}”: {one.told}" for one in earned) or str(moves["no_facts"]),
        "minutes": str(plan.minutes),
        "minutes_left": move.slots.get("minutes_left", ""),
    }
    told = render(template, {slot: known[slot] for slot in slots_of(template)})
    lead = str(moves["leads"][move.lead]) if move.lead else ""
    return f"{lead} {told}".strip()


def _question(move: Move, plan: Plan, wording: Wording) -> str:
    if not move.question:
        return str(wording["area_questions"].get(move.section, wording["area_questions"]["brief"]))
    if move.question not in _open_questions(plan):
        raise ValueError("the question is neither a listed follow-up nor an authored probe")
    return move.question


def _open_questions(plan: Plan) -> frozenset[str]:
    return frozenset(one.text for one in plan.follow_ups + plan.probes)
