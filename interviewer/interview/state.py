"""A session as its events make it: a fold, nothing else."""

from collections.abc import Sequence
from typing import Literal

from interviewer.interview.clock import elapsed_s
from interviewer.interview.coverage import Coverage, build_coverage
from interviewer.interview.events import Event, Started
from interviewer.interview.plan import Mode
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Grade
from interviewer.transcript import Transcript, Turn

Phase = Literal["interview", "wrap_up", "self_rating", "done"]


class Saying(Noun):
    """Who worded the interviewer's turn at index `turn`; the rest as in `InterviewerSaid`."""

    turn: int
    by: str
    held_back: str
    trouble: str
    interrupted: bool
    tokens: int


class SessionState(Noun):
    """What is known after the last event.

    `pending` says that the interviewer owes a reply; `elapsed_s` counts up to the last event; `self_ratings` is None
    until they were given or skipped. `questions` counts follow-ups and probes asked.
    """

    session: str
    scenario: int
    title: str
    mode: Mode
    level: Grade
    minutes: int
    rubric: str
    speaker: str
    started_at: float
    phase: Phase
    paused: bool
    pending: bool
    transcript: Transcript
    coverage: Coverage
    elapsed_s: float
    questions: int
    self_ratings: dict[CompetencyId, int] | None
    sayings: tuple[Saying, ...] = ()

    @property
    def trouble(self) -> str:
        """Why the model did not word the last thing that was said; empty where it did, or none is used."""
        return self.sayings[-1].trouble if self.sayings else ""

    @property
    def tokens(self) -> int:
        """Tokens that wording the interviewer's turns took."""
        return sum(one.tokens for one in self.sayings)


def replay(events: Sequence[Event], criteria: Sequence[str]) -> SessionState:
    """The state after these events; the first must be `started`.

    Raises:
        ValueError: the log does not begin with `started`.
    """
    if not events or events[0].kind != "started":
        raise ValueError("the log of a session begins with `started`")
    started = events[0]
    coverage = build_coverage(criteria, events)
    ratings = [dict(event.ratings) for event in events if event.kind == "self_rated"]
    return SessionState(
        session=started.session,
        scenario=started.scenario,
        title=started.title,
        mode=started.mode,
        level=started.level,
        minutes=started.minutes,
        rubric=started.rubric,
        speaker=started.speaker,
        started_at=started.at,
        phase=_phase(coverage),
        paused=_is_paused(events),
        pending=_is_pending(events),
        transcript=_transcript(started, events),
        coverage=coverage,
        elapsed_s=elapsed_s(events),
        questions=sum(said.move.kind in ("ask_follow_up", "probe") for said in coverage.moves),
        self_ratings=ratings[-1] if ratings else None,
        sayings=_sayings(events),
    )


def _phase(coverage: Coverage) -> Phase:
    last = coverage.moves[-1].move.kind if coverage.moves else "brief"
    phases: dict[str, Phase] = {"wrap_up": "wrap_up", "self_rating": "self_rating", "debrief": "done"}
    return phases.get(last, "interview")


def _is_paused(events: Sequence[Event]) -> bool:
    return next((event.kind for event in reversed(events) if event.kind != "scored"), "") == "paused"


def _is_pending(events: Sequence[Event]) -> bool:
    """Whether something that calls for a reply came after the interviewer's last words."""
    calls = {"started", "candidate_said", "hint_asked", "retry_asked", "finish_asked", "self_rated"}
    for event in reversed(events):
        if event.kind == "interviewer_said":
            return False
        if event.kind in calls:
            return True
    return False


def _sayings(events: Sequence[Event]) -> tuple[Saying, ...]:
    found: list[Saying] = []
    turn = 0
    for event in events:
        if event.kind == "interviewer_said":
            if event.again:
                turn -= 1
                found.pop()
            shown = {name: getattr(event, name) for name in ("by", "held_back", "trouble", "interrupted", "tokens")}
            found.append(Saying(turn=turn, **shown))
        turn += event.kind in ("interviewer_said", "candidate_said")
    return tuple(found)


def _transcript(started: Started, events: Sequence[Event]) -> Transcript:
    turns = []
    for event in events:
        if event.kind == "candidate_said":
            turns.append(Turn(role="candidate", text=event.text))
        elif event.kind == "interviewer_said":
            if event.again:
                turns.pop()
            turns.append(Turn(role="interviewer", text=event.text))
    source = f"session {started.session}"
    return Transcript(id=started.session, turns=tuple(turns), scenario=started.scenario, source=source)
