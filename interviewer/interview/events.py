"""What happened in an interview, one value per happening. The log of these is the only truth about a session."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from interviewer.interview.move import Move
from interviewer.interview.plan import Mode
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Grade
from interviewer.verdict import Verdict

Rating = Annotated[int, Field(ge=1, le=5)]


class _Happening(Noun):
    """`at`: seconds since the epoch by the machine's clock, which may jump: the order is the log's."""

    at: float
    schema_version: Literal[1] = 1


class Started(_Happening):
    kind: Literal["started"] = "started"
    session: str
    scenario: int
    title: str
    mode: Mode
    level: Grade
    minutes: int = Field(ge=1)
    rubric: str
    speaker: str


class CandidateSaid(_Happening):
    """`key` names the submission: the same key twice is one turn."""

    kind: Literal["candidate_said"] = "candidate_said"
    key: str
    text: str


class HintAsked(_Happening):
    kind: Literal["hint_asked"] = "hint_asked"
    key: str


class Scored(_Happening):
    """Verdicts (met and partial only) on the candidate turn at index `turn`; their quotes carry that index."""

    kind: Literal["scored"] = "scored"
    turn: int = Field(ge=0)
    scorer: str
    verdicts: tuple[Verdict, ...]


class InterviewerSaid(_Happening):
    """`held_back` says why a plainer wording was taken than the first one; empty when it was not."""

    kind: Literal["interviewer_said"] = "interviewer_said"
    move: Move
    text: str
    held_back: str = ""


class Paused(_Happening):
    kind: Literal["paused"] = "paused"


class Resumed(_Happening):
    kind: Literal["resumed"] = "resumed"


class FinishAsked(_Happening):
    kind: Literal["finish_asked"] = "finish_asked"


class SelfRated(_Happening):
    """Levels 1-5 that the candidate gave before seeing the report; empty when skipped."""

    kind: Literal["self_rated"] = "self_rated"
    ratings: dict[CompetencyId, Rating]


Event = Annotated[
    Started | CandidateSaid | HintAsked | Scored | InterviewerSaid | Paused | Resumed | FinishAsked | SelfRated,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
