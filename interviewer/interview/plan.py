"""What an interview sets out to ask: listed follow-ups, authored probes, budgets."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from interviewer.interview.intents import IntentRule
from interviewer.interview.terms import terms, words
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Criterion, Grade, Rubric
from interviewer.scenario import Bullet, Scenario

Mode = Literal["real", "coach"]

STAGES: tuple[CompetencyId, ...] = ("framing", "investigation", "diagnosis", "mitigation", "prevention")
MAX_CANDIDATE_TURNS = 40
_MINUTES_PER_QUESTION = 3
_SAME_QUESTION = 0.75


class Target(Noun):
    """A criterion as the interview sees it; `clue` is a word of the key of which a hint names letter and length."""

    criterion: str
    competency: CompetencyId
    section: str
    weight: float
    statement: str
    clue: str


class Question(Noun):
    """Something that can be asked once: `id` is a bullet id; `targets` are the criteria that it tends to bring up.

    `answered_by` are groups of word beginnings that show a follow-up as answered; empty for probes.
    """

    id: str
    text: str
    competency: CompetencyId
    section: str
    targets: tuple[str, ...]
    answered_by: tuple[tuple[str, ...], ...] = ()


class FollowUpJoin(Noun):
    """A row of the authored table that joins a listed follow-up to criteria."""

    id: str
    competency: CompetencyId
    question: str
    targets: tuple[str, ...]
    answered_by: tuple[tuple[str, ...], ...]


class Plan(Noun):
    """Everything the policy may ask in one interview.

    `question_budget` counts follow-ups and probes after the opening, `turn_budget` the candidate's turns in all;
    `quotas` say how many questions each stage may have in the first pass; `enough` in (0, 1] is the share of a stage's
    weight that makes further probes there needless. `vocabulary` are stems that tell talk about the incident from
    other talk.
    """

    scenario: int
    title: str
    prompt: str
    mode: Mode
    level: Grade
    minutes: int = Field(ge=1)
    question_budget: int = Field(ge=1)
    turn_budget: int = Field(ge=1, le=MAX_CANDIDATE_TURNS)
    follow_ups: tuple[Question, ...]
    probes: tuple[Question, ...]
    targets: tuple[Target, ...]
    quotas: dict[CompetencyId, int]
    enough: float
    partial_credit: float
    vocabulary: frozenset[str]
    intents: tuple[IntentRule, ...] = ()

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(target.criterion for target in self.targets)

    def target(self, criterion: str) -> Target | None:
        return next((target for target in self.targets if target.criterion == criterion), None)

    def question(self, question_id: str) -> Question | None:
        return next((one for one in self.follow_ups + self.probes if one.id == question_id), None)


def build_plan(
    scenario: Scenario,
    rubric: Rubric,
    *,
    mode: Mode,
    level: Grade,
    minutes: int,
    joins: Sequence[FollowUpJoin] = (),
    common_words: Sequence[str] = (),
    intents: Sequence[IntentRule] = (),
) -> Plan:
    """The plan of one interview.

    Args:
        joins: the authored table; rows whose question is not word for word in the document are ignored.
        common_words: words of the field that count as talk about an incident whatever the scenario.
        intents: how requests and remarks are told from answers.
    """
    sections = {bullet.id: bullet.kind.value for bullet in scenario.bullets}
    clues = _clues(scenario)
    targets = tuple(
        Target(
            criterion=one.bullet,
            competency=one.competency,
            section=sections.get(one.bullet, "cover"),
            weight=one.weight,
            statement=one.statement,
            clue=clues.get(one.bullet, ""),
        )
        for one in rubric.scenario.criteria
    )
    probes = _probes(rubric.scenario.criteria, sections)
    budget = min(max(round(minutes / _MINUTES_PER_QUESTION), 3), 16)
    follow_ups = tuple(_follow_up(bullet, joins, targets) for bullet in scenario.follow_ups)[:budget]
    return Plan(
        scenario=scenario.number,
        title=scenario.title,
        prompt=scenario.prompt,
        mode=mode,
        level=level,
        minutes=minutes,
        question_budget=budget,
        turn_budget=min(2 * budget + 8, MAX_CANDIDATE_TURNS),
        follow_ups=follow_ups,
        probes=probes,
        targets=targets,
        quotas=_quotas(follow_ups, probes, budget),
        enough=rubric.shared.thresholds.level_5,
        partial_credit=rubric.shared.credits.partial,
        vocabulary=_vocabulary(scenario, rubric, common_words),
        intents=tuple(intents),
    )


def _probes(criteria: Sequence[Criterion], sections: dict[str, str]) -> tuple[Question, ...]:
    """One probe per criterion; a probe that asks nearly the same as another aims at both criteria."""
    asked = {one.bullet: set(terms(one.probe)) for one in criteria}
    return tuple(
        Question(
            id=one.bullet,
            text=one.probe,
            competency=one.competency,
            section=sections.get(one.bullet, "cover"),
            targets=(
                one.bullet,
                *(
                    other.bullet
                    for other in criteria
                    if other.bullet != one.bullet and _overlap(asked[one.bullet], asked[other.bullet]) >= _SAME_QUESTION
                ),
            ),
        )
        for one in criteria
    )


def _overlap(one: set[str], other: set[str]) -> float:
    """Jaccard overlap in [0, 1]; two empty sets do not overlap."""
    return len(one & other) / len(one | other) if one | other else 0.0


def _follow_up(bullet: Bullet, joins: Sequence[FollowUpJoin], targets: Sequence[Target]) -> Question:
    known = {target.criterion for target in targets}
    row = next((row for row in joins if row.id == bullet.id and row.question == bullet.text), None)
    if row:
        aims = tuple(aim for aim in row.targets if aim in known)
        return Question(
            id=bullet.id,
            text=bullet.text,
            competency=row.competency,
            section="followup",
            targets=aims,
            answered_by=row.answered_by,
        )
    return _guessed_follow_up(bullet, targets)


def _guessed_follow_up(bullet: Bullet, targets: Sequence[Target]) -> Question:
    """A follow-up of another document: joined by shared words; answered when its own content words have been used."""
    asked = set(terms(bullet.text))
    near = [target for target in targets if len(asked & set(terms(target.statement))) >= 2]
    return Question(
        id=bullet.id,
        text=bullet.text,
        competency=near[0].competency if near else "diagnosis",
        section="followup",
        targets=tuple(target.criterion for target in near),
        answered_by=tuple((term,) for term in sorted(asked)),
    )


def _quotas(follow_ups: Sequence[Question], probes: Sequence[Question], budget: int) -> dict[CompetencyId, int]:
    """Questions per stage: its follow-ups, then one more each in turn while the budget and the stage's probes last."""
    listed = Counter(question.competency for question in follow_ups)
    room = Counter(question.competency for question in probes)
    quotas = {stage: listed[stage] for stage in STAGES}
    left = budget - sum(quotas.values())
    while left > 0:
        open_stages = [stage for stage in STAGES if quotas[stage] - listed[stage] < room[stage]]
        if not open_stages:
            break
        # the emptiest stage first; among equals one with more to ask, then the natural order
        stage = min(open_stages, key=lambda one: (quotas[one], -room[one], STAGES.index(one)))
        quotas[stage] += 1
        left -= 1
    return quotas


def _clues(scenario: Scenario) -> dict[str, str]:
    """Per bullet a word that sets it apart from the other bullets and is not in the prompt; longest first."""
    spread = Counter(word for bullet in scenario.key_bullets for word in set(words(bullet.text)))
    public = set(words(scenario.prompt))
    clues = {}
    for bullet in scenario.key_bullets:
        telling = [word for word in words(bullet.text) if word.isalpha() and len(word) > 3 and word not in public]
        clues[bullet.id] = min(telling, key=lambda word: (spread[word], -len(word), word), default="")
    return clues


def _vocabulary(scenario: Scenario, rubric: Rubric, common_words: Sequence[str]) -> frozenset[str]:
    texts = [scenario.title, scenario.prompt, *(bullet.text for bullet in scenario.bullets), *common_words]
    for criterion in rubric.scenario.criteria:
        texts += [criterion.statement, *criterion.accepted]
    return frozenset(term for text in texts for term in terms(text))
