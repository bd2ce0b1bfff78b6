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


class RetryAsked(_Happening):
    """The interviewer's last turn, which a model left unfinished or could not word, is to be said once more."""

    kind: Literal["retry_asked"] = "retry_asked"
    key: str


class Scored(_Happening):
    """Verdicts (met and partial only) on the candidate turn at index `turn`; their quotes carry that index.

    Of several on one turn the last one counts: an estimate steers until a slower scorer is done.
    """

    kind: Literal["scored"] = "scored"
    turn: int = Field(ge=0)
    scorer: str
    verdicts: tuple[Verdict, ...]


class InterviewerSaid(_Happening):
    """What the interviewer said, and whose words they are.

    `by` names who worded it and with which prompts (`openai:NAME+interviewer@1`); empty in old logs. `held_back` says
    why something of the first wording was kept back; empty when nothing was. `trouble` says why the model could not
    finish, or begin; `interrupted` that it broke off when some of it had been shown. `again` marks a turn that takes
    the place of the one before. `tokens` counts prompt and reply.
    """

    kind: Literal["interviewer_said"] = "interviewer_said"
    move: Move
    text: str
    by: str = ""
    held_back: str = ""
    trouble: str = ""
    interrupted: bool = False
    again: bool = False
    tokens: int = Field(default=0, ge=0)


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
    Started
    | CandidateSaid
    | HintAsked
    | RetryAsked
    | Scored
    | InterviewerSaid
    | Paused
    | Resumed
    | FinishAsked
    | SelfRated,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
