"""Everything that an interview needs, small: a drill of three stages, and the shipped ones with their rubrics."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from interviewer.drills.parse import parse_drills
from interviewer.drills.read import read_drills
from interviewer.errors import RubricError
from interviewer.interview.keyword_scorer import KeywordScorer
from interviewer.interview.leak import LeakGuard
from interviewer.interview.log import EventLog, MemoryLog
from interviewer.interview.opening import WORDING, PlanData, plan_interview, read_plan_data
from interviewer.interview.plan import Mode, Plan
from interviewer.interview.session import Cast, Session
from interviewer.interview.speaker import OfflineSpeaker
from interviewer.models.embedder import Embedder
from interviewer.prompts.read import read_prompt
from interviewer.rubric import (
    Anchors,
    Competency,
    CompetencyId,
    Credits,
    Criterion,
    Expectation,
    HintCaps,
    Rubric,
    ScenarioRubric,
    SharedRubric,
    Thresholds,
)
from interviewer.scenario import DrillDocument, Scenario
from interviewer.shipped import shipped_path
from interviewer.yaml_file import read_yaml

DRILL = """
Scenario 1: Invoices Go Missing

Prompt

Customers report that invoices from last night never arrived.

What A Strong Answer Should Cover

  • Tell a sending fault from a rendering fault.

First Things To Inspect

  • depth of the outbound mail queue
  • renderer crash counts

Likely Root Causes

  • expired relay certificate
  • template with a broken placeholder

Strong Mitigation Ideas

  • replay the unsent batch from the ledger
  • fail over to the secondary relay

Long-Term Prevention

  • certificate expiry alarms
  • golden invoice rendered before each release

Follow-Up Questions Interviewers Often Ask

  • How would you avoid sending an invoice twice?
  • What would you tell the customers?
"""
# criterion -> (competency, statement, probe)
CRITERIA: dict[str, tuple[CompetencyId, str, str]] = {
    "s01.cover.1": ("framing", "Separates sending faults from rendering faults", "What kinds of trouble can it be?"),
    "s01.inspect.1": ("investigation", "Looks at the depth of the mail queue", "Where would you look first?"),
    "s01.inspect.2": ("investigation", "Counts renderer crashes overnight", "What would you count?"),
    "s01.causes.1": ("diagnosis", "Suspects an expired relay certificate", "What might have run out overnight?"),
    "s01.causes.2": ("diagnosis", "Suspects a broken template placeholder", "What may have changed in the documents?"),
    "s01.mitigate.1": ("mitigation", "Replays the unsent batch", "How do the missing ones get out today?"),
    "s01.mitigate.2": ("mitigation", "Fails over to the secondary relay", "Which other way out is there?"),
    "s01.prevent.1": ("prevention", "Alarms before certificates expire", "How would you know earlier next time?"),
    "s01.prevent.2": ("prevention", "Renders a golden invoice before release", "What would you run before a release?"),
}
SAID = "I would look into that with the people who own it and read what the logs say about it first."
STRONG = (
    "I would separate sending faults from rendering faults first. Then I look at the depth of the mail queue and count "
    "renderer crashes overnight, because those two tell which half of the system is to blame."
)


def shared_rubric() -> SharedRubric:
    anchors = Anchors(level_1="a", level_2="b", level_3="c", level_4="d", level_5="e")
    expected = Expectation(
        framing=3, investigation=3, diagnosis=3, mitigation=3, prevention=3, structure=3, seniority=3
    )
    names: tuple[CompetencyId, ...] = (
        "framing", "investigation", "diagnosis", "mitigation", "prevention", "structure", "seniority",
    )  # fmt: skip
    return SharedRubric(
        schema_version=1,
        rubric_version=1,
        competencies=tuple(
            Competency(id=name, title=name.title(), description=name, anchors=anchors) for name in names
        ),
        credits=Credits(),
        thresholds=Thresholds(level_2=0.1, level_3=0.3, level_4=0.5, level_5=0.75),
        hint_caps=HintCaps(pump=0.9, narrow=0.75, partial=0.5, reveal=0.0),
        expectations={"mid": expected, "senior": expected, "staff": expected},
        criteria=(),
    )


@cache
def small_scenario() -> Scenario:
    return parse_drills(DRILL, "drill.txt").scenarios[0]


@cache
def small_rubric() -> Rubric:
    criteria = tuple(
        Criterion(bullet=bullet, statement=statement, competency=competency, probe=probe)
        for bullet, (competency, statement, probe) in CRITERIA.items()
    )
    own = ScenarioRubric(schema_version=1, rubric_version=1, scenario=1, criteria=criteria)
    return Rubric(identity="s01@1+shared@1", sha256="0" * 64, scenario=own, shared=shared_rubric())


@cache
def plan_data() -> PlanData:
    return read_plan_data()


def small_plan(*, mode: Mode = "real", minutes: int = 30) -> Plan:
    return plan_interview(small_scenario(), small_rubric(), plan_data(), mode=mode, level="senior", minutes=minutes)


@cache
def shipped_document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


@cache
def shipped_rubric(number: int) -> Rubric:
    own = ScenarioRubric.model_validate(read_yaml(shipped_path(f"rubrics/s{number:02d}.yaml"), RubricError))
    return Rubric(identity=f"s{number:02d}@1+shared@1", sha256="0" * 64, scenario=own, shared=shared_rubric())


def shipped_plan(number: int, *, mode: Mode = "real", minutes: int = 30) -> Plan:
    scenario = shipped_document().scenario(number)
    assert scenario is not None
    return plan_interview(scenario, shipped_rubric(number), plan_data(), mode=mode, level="senior", minutes=minutes)


@cache
def speaker() -> OfflineSpeaker:
    return OfflineSpeaker(read_prompt(WORDING), plan_data().common_words)


class HandClock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self, at: float = 1_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def go_on(self, seconds: float) -> None:
        self.at += seconds


def cast_for(
    plan: Plan,
    rubric: Rubric,
    *,
    log: EventLog | None = None,
    now: Callable[[], float] | None = None,
    guard: LeakGuard | None = None,
) -> Cast:
    return Cast(
        plan=plan,
        scorer=KeywordScorer(rubric.scenario.criteria),
        speaker=speaker(),
        guard=guard or LeakGuard((), ()),
        log=log if log is not None else MemoryLog(),
        now=now or HandClock(),
        rubric=rubric.identity,
    )


def small_cast(
    *, mode: Mode = "real", minutes: int = 30, log: EventLog | None = None, now: Callable[[], float] | None = None
) -> Cast:
    return cast_for(small_plan(mode=mode, minutes=minutes), small_rubric(), log=log, now=now)


def guard_for(number: int, embedder: Embedder | None = None) -> LeakGuard:
    scenario = shipped_document().scenario(number)
    assert scenario is not None
    rubric = shipped_rubric(number)
    key = [one.text for one in scenario.key_bullets] + [one.statement for one in rubric.scenario.criteria]
    public = [scenario.title, scenario.prompt, *(one.text for one in scenario.follow_ups)]
    return LeakGuard(key, public, embedder)


def drawn(pieces: Iterable[str]) -> str:
    return "".join(pieces)


def begin(cast: Cast, session: str = "0" * 32) -> Session:
    """A session whose brief has been given."""
    opened = Session.start(session, cast)
    drawn(opened.reply())
    return opened


def talk(session: Session, answers: Sequence[str]) -> list[str]:
    """The replies to these answers; keys are `k0`, `k1`, ..."""
    return [drawn(session.answer(text, f"k{place}")) for place, text in enumerate(answers)]
