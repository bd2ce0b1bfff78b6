"""Where both faces come to: begins, resumes, lists and grades interviews."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from interviewer.errors import InputError, NotFoundError, PhaseError, StoreError
from interviewer.grading.report import parse_scorecard, render_json
from interviewer.grading.scorecard import Scorecard
from interviewer.grading.selfcheck import Answer, SelfCheck, Who
from interviewer.grading.settling import open_checks, settle_scorecard
from interviewer.interview.coverage import TurnScorer
from interviewer.interview.late import Later, do_now
from interviewer.interview.leak import LeakGuard
from interviewer.interview.opening import PlanData, plan_interview
from interviewer.interview.plan import Mode, Plan
from interviewer.interview.session import Cast, Session
from interviewer.interview.speaker import Speaker
from interviewer.interview.speech import ModelledVoice
from interviewer.interview.state import SessionState
from interviewer.interview.tracker import Tracker
from interviewer.models.embedder import Embedder
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Grade, Rubric
from interviewer.scenario import DrillDocument, Scenario
from interviewer.store import SessionStore, SessionSummary
from interviewer.verdict import Label


class Report(Noun):
    """A graded interview, ready to show. `overall` in [1, 5]; None where nothing could be assessed."""

    scorecard_json: str
    markdown: str
    html: str
    overall: float | None


class SessionGrader(Protocol):
    """Grades a finished session; wiring adapts the grading to it."""

    def __call__(self, state: SessionState, rubric: Rubric) -> Report: ...


class ReportRenderer(Protocol):
    """Makes a stored scorecard readable again."""

    def __call__(self, scorecard_json: str) -> Report: ...


class TopicFinder(Protocol):
    """Scenario numbers that fit some words, best first; empty when nothing fits."""

    def __call__(self, topic: str) -> Sequence[int]: ...


@dataclass(frozen=True)
class Parts:
    """What wiring chooses. `now` gives seconds since the epoch, `new_id` a fresh id of 128 random bits in hex.

    With `voice` and `tracker_for` a language model speaks and follows; `later` runs work that nobody waits for.
    `engine` says in words who does. `topics_open` says whether drills may be looked for by words just now.
    """

    document: DrillDocument
    rubrics: Mapping[int, Rubric]
    store: SessionStore
    plan_data: PlanData
    speaker: Speaker
    scorer_for: Callable[[Rubric], TurnScorer]
    embedder: Embedder | None
    grade: SessionGrader
    render: ReportRenderer
    find_topic: TopicFinder
    now: Callable[[], float]
    new_id: Callable[[], str]
    engine: str = "offline"
    voice: ModelledVoice | None = None
    tracker_for: Callable[[Rubric], Tracker] | None = None
    later: Later = do_now
    notices: Callable[[], tuple[str, ...]] = tuple
    topics_open: Callable[[], bool] = lambda: True
    status: Callable[[], tuple[tuple[str, str], ...]] = tuple


class Desk:
    """Safe to share among threads; a `Session` belongs to one thread at a time."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._guards: dict[int, LeakGuard] = {}
        self._trackers: dict[int, Tracker] = {}
        self._plans: dict[tuple[int, Mode, Grade, int], Plan] = {}
        self._settling = Lock()

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The drills that can be practised: those with a rubric."""
        return tuple(one for one in self._parts.document.scenarios if one.number in self._parts.rubrics)

    @property
    def engine(self) -> str:
        """Who speaks and judges, in words."""
        return self._parts.engine

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know: a damaged file of the store that was moved aside, a stale index, closed topics."""
        return (*self._parts.store.notices, *self._parts.notices())

    @property
    def topics_open(self) -> bool:
        """Whether a drill may be looked for by words; else it is chosen from the list, and nobody talks about it."""
        return self._parts.topics_open()

    def status(self) -> tuple[tuple[str, str], ...]:
        """Rows (what, how it stands): who speaks, the index, the search, free topics. Takes about a second."""
        return self._parts.status()

    def competencies(self) -> dict[CompetencyId, str]:
        """Id -> title of what is assessed, in the order of the rubric; what `rate_self` takes levels for."""
        rubric = next(iter(self._parts.rubrics.values()), None)
        return {one.id: one.title for one in rubric.shared.competencies} if rubric else {}

    def find_scenarios(self, topic: str) -> tuple[Scenario, ...]:
        """Drills that fit what somebody wants to practise, best first; empty when none does.

        A bare number or a scenario's title is taken at its word.
        """
        plain = topic.strip().lower().removeprefix("scenario").strip()
        exact = [one for one in self.scenarios if plain in (str(one.number), one.title.lower())]
        if exact:
            return tuple(exact)
        known = {one.number: one for one in self.scenarios}
        return tuple(known[number] for number in self._parts.find_topic(topic) if number in known)

    def prepare(self) -> None:
        """Open what the first search needs, which may build the index; later calls cost next to nothing."""
        self._parts.find_topic("latency")

    def start(self, scenario: int, *, mode: Mode, level: Grade, minutes: int) -> Session:
        """Begin an interview; draw `reply()` for the brief.

        Raises:
            NotFoundError: there is no such scenario, or none with a rubric.
        """
        cast = self._cast(scenario, mode, level, minutes)
        return Session.start(self._parts.new_id(), cast)

    def resume(self, session: str) -> Session:
        """Take up an interview by its id or the beginning of it (four letters at least).

        Raises:
            NotFoundError: there is none.
            InputError: the beginning fits several.
        """
        summary = self.summary(session)
        cast = self._cast(summary.scenario, summary.mode, summary.level, summary.minutes)
        return Session.resume(summary.id, cast)

    def history(self) -> tuple[SessionSummary, ...]:
        """All sessions, the latest begun first."""
        return self._parts.store.summaries()

    def summary(self, session: str) -> SessionSummary:
        """One session by its id or the beginning of it; raises as `resume`."""
        found = self._parts.store.find_sessions(session)
        if len(found) > 1 and session not in found:
            raise InputError(f"{len(found)} sessions begin with {session}.", next_step="Give more of the id.")
        if not found:
            raise NotFoundError(f"There is no session {session}.", next_step="`interviewer history` lists them.")
        return self._parts.store.summary(session if session in found else found[0])

    def open(self, session: str) -> Session:
        """A session as it stands, for one request: nothing is recorded by opening it. Raises as `resume`."""
        summary = self.summary(session)
        cast = self._cast(summary.scenario, summary.mode, summary.level, summary.minutes)
        return Session(summary.id, cast, self._parts.store.read(summary.id))

    def grade(self, session: str, *, again: bool = False) -> Report:
        """The report on a session; graded once and kept, even when it was ended early. Raises as `resume`.

        Args:
            again: grade it anew, and keep that report in place of the earlier one. What people have answered to its
                open questions is theirs and goes over into the new one.
        """
        summary = self.summary(session)
        kept = self._parts.store.find_scorecard(summary.id)
        if not again and kept is not None:
            return self._parts.render(kept)
        report = self._parts.grade(self.open(summary.id).state, self._rubric(summary.scenario))
        if answers := _answers_in(kept):
            report = self._settled(parse_scorecard(report.scorecard_json), answers)
        if summary.status == "done":
            self._parts.store.save_scorecard(summary.id, report.scorecard_json, report.overall)
        return report

    def find_report(self, session: str) -> Report | None:
        """The report that is kept; None where the session was not graded. Raises as `resume`."""
        kept = self._parts.store.find_scorecard(self.summary(session).id)
        return None if kept is None else self._parts.render(kept)

    def self_checks(self, session: str, who: Who = "candidate") -> tuple[SelfCheck, ...]:
        """What the report leaves open for somebody to answer, those with the most at stake first.

        Raises:
            PhaseError: the interview is not over. Others as `resume`.
            InputError: it was graded with another rubric than the one in use.
        """
        card = self._card(session)
        return open_checks(card, self._rubric(card.scenario), who)

    def settle(self, session: str, answers: Mapping[str, Label], who: Who) -> Report:
        """The report with somebody's answers (criterion -> label), kept in place of the earlier one.

        The same answers again change nothing; a later answer takes the place of an earlier one of the same person, and
        a coach's word stands above the candidate's. Raises as `self_checks`.
        """
        said = [Answer(criterion=criterion, label=label, who=who) for criterion, label in answers.items()]
        with self._settling:  # two at once must not forget each other's answers
            report = self._settled(self._card(session), said)
            self._parts.store.save_scorecard(self.summary(session).id, report.scorecard_json, report.overall)
        return report

    def delete(self, session: str) -> str:
        """Delete a session with its report for good; gives the whole id. Raises as `resume`."""
        found = self.summary(session).id
        self._parts.store.purge(found)
        return found

    def _card(self, session: str) -> Scorecard:
        if self.summary(session).status != "done":
            raise PhaseError(
                "The interview is not over, so there is no report to settle.",
                next_step=f"Go on with: interviewer talk --resume {session}",
            )
        return parse_scorecard(self.grade(session).scorecard_json)

    def _settled(self, card: Scorecard, answers: Sequence[Answer]) -> Report:
        settled = settle_scorecard(card, answers, self._rubric(card.scenario), self._parts.document)
        return self._parts.render(render_json(settled))

    def _cast(self, scenario: int, mode: Mode, level: Grade, minutes: int) -> Cast:
        parts, drill, rubric = self._parts, self._scenario(scenario), self._rubric(scenario)
        terms = (scenario, mode, level, minutes)
        if terms not in self._plans:
            plan = plan_interview(drill, rubric, parts.plan_data, mode=mode, level=level, minutes=minutes)
            self._plans[terms] = plan
        return Cast(
            plan=self._plans[terms],
            scorer=parts.scorer_for(rubric),
            speaker=parts.speaker,
            guard=self._guard(drill, rubric),
            log=parts.store,
            now=parts.now,
            rubric=rubric.identity,
            voice=parts.voice,
            tracker=self._tracker(scenario, rubric),
            later=parts.later,
        )

    def _tracker(self, scenario: int, rubric: Rubric) -> Tracker | None:
        if self._parts.tracker_for and scenario not in self._trackers:
            self._trackers[scenario] = self._parts.tracker_for(rubric)
        return self._trackers.get(scenario)

    def _guard(self, scenario: Scenario, rubric: Rubric) -> LeakGuard:
        """One guard per scenario: its key is embedded once."""
        if scenario.number not in self._guards:
            guard = build_guard(scenario, rubric, self._parts.embedder)
            guard.prepare()
            self._guards[scenario.number] = guard
        return self._guards[scenario.number]

    def _scenario(self, number: int) -> Scenario:
        scenario = self._parts.document.scenario(number)
        if scenario is None:
            known = ", ".join(str(one.number) for one in self.scenarios)
            raise NotFoundError(f"There is no scenario {number}.", next_step=f"There are: {known}.")
        return scenario

    def _rubric(self, number: int) -> Rubric:
        rubric = self._parts.rubrics.get(number)
        if rubric is None:
            raise NotFoundError(
                f"Scenario {number} has no rubric.", next_step="Add one, or choose another; `interviewer rubric` helps."
            )
        return rubric


def _answers_in(kept: str | None) -> tuple[Answer, ...]:
    """What people have answered in a kept scorecard."""
    if kept is None:
        return ()
    try:
        return parse_scorecard(kept).answers
    except StoreError:  # grading anew is what helps against a scorecard that cannot be read
        return ()


def build_guard(scenario: Scenario, rubric: Rubric, embedder: Embedder | None) -> LeakGuard:
    """The guard of one scenario: its bullets and the statements of its criteria are the key."""
    key = [bullet.text for bullet in scenario.key_bullets] + [one.statement for one in rubric.scenario.criteria]
    public = [scenario.title, scenario.prompt, *(bullet.text for bullet in scenario.follow_ups)]
    return LeakGuard(key, public, embedder, canaries=(rubric.canary,))
