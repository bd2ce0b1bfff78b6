"""What the interviewer does next, and why."""

from typing import Literal

from pydantic import Field

from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, HintStep

MoveKind = Literal[
    "brief",
    "ask_follow_up",
    "probe",
    "hold",
    "redirect",
    "clarify",
    "repeat",
    "neutral",
    "decline",
    "time_check",
    "pump",
    "narrow",
    "partial",
    "reveal",
    "wrap_up",
    "self_rating",
    "debrief",
]

HINT_STEPS: tuple[HintStep, ...] = ("pump", "narrow", "partial", "reveal")
ASKING: frozenset[MoveKind] = frozenset({"brief", "ask_follow_up", "probe"})


class Move(Noun):
    """One step of the interviewer, chosen by code; a speaker only words it.

    `question` is the authored neutral wording of what is asked, `question_id` the follow-up's or probe's bullet id
    (`brief` for the opening). `targets` are the criteria that the move tends to bring up. `section` is the part of the
    drill that it is about, `variant` picks among the wordings of one kind, `lead` names what is said first (`turn_to`,
    `passed`, `no_verdict`, `no_answer`, `astray`), `step` is the hint given, `slots` are facts for the wording.
    `instead_of` is the id of a question that was passed over since the speaker found it answered; it is not asked any
    more. `reason` says in words why this move was chosen.
    """

    kind: MoveKind
    reason: str
    question: str = ""
    question_id: str = ""
    targets: tuple[str, ...] = ()
    competency: CompetencyId | None = None
    section: str = ""
    variant: str = ""
    lead: str = ""
    step: HintStep | None = None
    instead_of: str = ""
    slots: dict[str, str] = Field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether it opens a new question (the brief counts as the first)."""
        return self.kind in ASKING
