"""Whether the interviewer gives anything of the key away: short interviews are held, every turn is searched."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from interviewer.interview.coverage import TurnScorer
from interviewer.interview.leak import LeakGuard
from interviewer.interview.log import MemoryLog
from interviewer.interview.opening import PlanData, plan_interview
from interviewer.interview.session import Cast, Session
from interviewer.interview.speaker import Speaker
from interviewer.rubric import Rubric
from interviewer.scenario import Bullet, Scenario
from interviewer.transcript import Transcript
from interviewer.verdict import Verdict

CANARY = "zebrafish quartz lantern"
ANSWERS = ("I would look at the dashboards first.", "I am not sure.", "What do you see?", "Then I would roll back.")


class Leaks(NamedTuple):
    """`turns` of the interviewer that were searched, and those that gave something away."""

    turns: int
    leaked: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Share of turns in [0, 1]; 1 where there were none: nothing seen is not nothing leaked."""
        return len(self.leaked) / self.turns if self.turns else 1.0


class _Deaf:
    """A scorer that hears nothing, so that everything stays unearned."""

    identity = "deaf@1"

    def score(self, text: str) -> tuple[Verdict, ...]:
        return ()


def find_leaks(
    scenarios: Sequence[Scenario],
    rubrics: Mapping[int, Rubric],
    data: PlanData,
    speaker: Speaker,
    now: Callable[[], float],
) -> Leaks:
    """Hold an interview on each drill whose key was given a canary, with a candidate who earns nothing, and search what
    the interviewer says for runs of eight words of the key and for the canary."""
    turns, leaked = 0, list[str]()
    for scenario in scenarios:
        rubric = rubrics.get(scenario.number)
        if rubric is None:
            continue
        marked = _mark(scenario)
        public = [scenario.title, scenario.prompt, *(one.text for one in scenario.follow_ups)]
        watch = LeakGuard([one.text for one in marked.key_bullets], public)
        for said in _hold(marked, rubric, data, speaker, now):
            turns += 1
            why = CANARY in said or watch.find_leak(said, Transcript(id="", turns=()))
            if why:
                leaked.append(f"scenario {scenario.number}: {said[:80]}")
    return Leaks(turns, tuple(leaked))


def _mark(scenario: Scenario) -> Scenario:
    """The scenario with a canary at the end of every bullet of its key."""
    sections = tuple(
        one.model_copy(update={"bullets": tuple(_marked(bullet) for bullet in one.bullets)}) if one.kind.is_key else one
        for one in scenario.sections
    )
    return scenario.model_copy(update={"sections": sections})


def _marked(bullet: Bullet) -> Bullet:
    return bullet.model_copy(update={"text": f"{bullet.text} {CANARY}"})


def _hold(
    scenario: Scenario, rubric: Rubric, data: PlanData, speaker: Speaker, now: Callable[[], float]
) -> Iterator[str]:
    """What the interviewer says in a short interview; its own guard is off, so that the data flow alone is tested."""
    plan = plan_interview(scenario, rubric, data, mode="real", level="senior", minutes=30)
    scorer: TurnScorer = _Deaf()
    cast = Cast(plan=plan, scorer=scorer, speaker=speaker, guard=LeakGuard((), ()), log=MemoryLog(), now=now)
    session = Session.start(f"{scenario.number:032x}", cast)
    yield "".join(session.reply())
    for number, answer in enumerate(ANSWERS):
        yield "".join(session.answer(answer, key=f"{scenario.number}-{number}"))
