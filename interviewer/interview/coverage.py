"""The ledger of expectations: what has come up, what brought it up, and what a hint costs."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from interviewer.interview.clock import elapsed_s
from interviewer.interview.events import Event, Scored
from interviewer.interview.move import HINT_STEPS, Move
from interviewer.noun import Noun
from interviewer.rubric import HintStep
from interviewer.verdict import Verdict

Status = Literal["not_reached", "missed", "partial", "met"]
How = Literal["", "unprompted", "probe", "follow_up", "pump", "narrow", "partial", "reveal"]
Request = Literal["answer", "hint", "finish"]

_RANK: Mapping[Status, int] = {"not_reached": 0, "missed": 0, "partial": 1, "met": 2}


class TurnScorer(Protocol):
    """Scores one candidate turn against the criteria of the scenario.

    `identity` is a canonical string such as `keyword@1`.
    """

    identity: str

    def score(self, text: str) -> tuple[Verdict, ...]:
        """Verdicts with quotes whose `turn` is 0; criteria that are not met may be left out."""
        ...


class Entry(Noun):
    """One criterion in the ledger.

    `not_reached`: never asked for and not said; `missed`: asked for, answered, not said; `partial`: said in part;
    `met`. `how` says what the best answer followed; `turns` are the candidate turns with evidence, `asked` the
    interviewer turns that aimed at it. `hint` is the costliest hint given before it was met, or at all where it never
    was.
    """

    criterion: str
    status: Status = "not_reached"
    how: How = ""
    turns: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    hint: HintStep | None = None


class SaidMove(Noun):
    """A move that was made, at index `turn` of the transcript."""

    turn: int
    move: Move


class Coverage(Noun):
    """The ledger and what else the policy needs to know: moves made, time that counted, what is asked of it now."""

    entries: tuple[Entry, ...] = ()
    moves: tuple[SaidMove, ...] = ()
    elapsed_s: float = 0.0
    request: Request = "answer"

    def entry(self, criterion: str) -> Entry:
        return next((one for one in self.entries if one.criterion == criterion), Entry(criterion=criterion))

    @property
    def met(self) -> frozenset[str]:
        return frozenset(one.criterion for one in self.entries if one.status == "met")

    def reached(self) -> dict[str, HintStep]:
        """Criterion -> costliest hint after which it was reached, for the caps of the grading; others are left out."""
        return {one.criterion: one.hint for one in self.entries if one.hint is not None}


def build_coverage(criteria: Sequence[str], events: Sequence[Event]) -> Coverage:
    """The ledger after these events, in the order of `criteria`. Verdicts on unknown criteria are ignored."""
    book = _Book(criteria)
    for event in _settled(events):
        book.take(event)
    return Coverage(
        entries=tuple(book.entries.values()),
        moves=tuple(book.moves),
        elapsed_s=elapsed_s(events),
        request=book.request,
    )


def _settled(events: Sequence[Event]) -> list[Event]:
    """The events with the last verdicts on each turn in the place of the first ones, and one saying per move."""
    last = {event.turn: event for event in events if event.kind == "scored"}
    found: list[Event] = []
    for event in events:
        if event.kind == "scored":
            if (verdicts := last.pop(event.turn, None)) is not None:
                found.append(verdicts)
        elif not (event.kind == "interviewer_said" and event.again):
            found.append(event)
    return found


class _Book:
    """Running state of the fold; entries are replaced, never changed."""

    def __init__(self, criteria: Sequence[str]) -> None:
        self.entries = {criterion: Entry(criterion=criterion) for criterion in criteria}
        self.moves: list[SaidMove] = []
        self.request: Request = "answer"
        self._turn = 0
        self._question: Move | None = None
        self._hints: dict[str, HintStep] = {}
        self._pumped: frozenset[str] = frozenset()
        self._at_turn: dict[int, tuple[Move | None, dict[str, HintStep]]] = {}

    def take(self, event: Event) -> None:
        if event.kind == "interviewer_said":
            self._interviewer(event.move)
        elif event.kind == "candidate_said":
            self._candidate()
        elif event.kind == "scored":
            self._score(event)
        elif event.kind == "hint_asked":
            self.request = "hint"
        elif event.kind == "finish_asked":
            self.request = "finish"

    def _interviewer(self, move: Move) -> None:
        self.moves.append(SaidMove(turn=self._turn, move=move))
        for criterion in move.targets:
            entry = self.entries.get(criterion)
            if entry:
                self.entries[criterion] = entry.model_copy(update={"asked": (*entry.asked, self._turn)})
        if move.asks:
            self._question = move
        if move.step == "pump":
            self._pumped = frozenset(move.targets)
        elif move.step:
            self._give_hint(move.targets, move.step)
        self.request = "answer"
        self._turn += 1

    def _give_hint(self, targets: Sequence[str], step: HintStep) -> None:
        for criterion in targets:
            if criterion not in self.entries or self.entries[criterion].status == "met":
                continue
            self._hints[criterion] = _costlier(self._hints.get(criterion), step)
            if self.entries[criterion].status != "partial":  # what was half said before the hint keeps its half
                self._update(criterion, hint=self._hints[criterion])

    def _candidate(self) -> None:
        # a pump gives nothing away: it prices the very next answer only, the other hints stay known for good
        pumped: dict[str, HintStep] = dict.fromkeys(self._pumped, "pump")
        self._at_turn[self._turn] = (self._question, pumped | self._hints)
        self._pumped = frozenset()
        for criterion, entry in self.entries.items():
            if entry.asked and entry.status == "not_reached":
                self._update(criterion, status="missed")
        self.request = "answer"
        self._turn += 1

    def _score(self, event: Scored) -> None:
        question, hints = self._at_turn.get(event.turn, (None, {}))
        for verdict in event.verdicts:
            entry = self.entries.get(verdict.criterion)
            if entry is None or verdict.label == "not_met":
                continue
            self._update(verdict.criterion, turns=(*entry.turns, event.turn))
            if _RANK[verdict.label] > _RANK[entry.status]:
                hint = hints.get(verdict.criterion)
                how = hint or _how(question, verdict.criterion)
                self._update(verdict.criterion, status=verdict.label, how=how, hint=hint)

    def _update(self, criterion: str, **changes: object) -> None:
        self.entries[criterion] = self.entries[criterion].model_copy(update=changes)


def _costlier(one: HintStep | None, other: HintStep) -> HintStep:
    return max(one or "pump", other, key=HINT_STEPS.index)


def _how(question: Move | None, criterion: str) -> How:
    if question is None or question.kind == "brief" or criterion not in question.targets:
        return "unprompted"
    return "follow_up" if question.kind == "ask_follow_up" else "probe"
