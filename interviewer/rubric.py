"""Rubrics as values: criteria joined to drill bullets, competencies with anchored levels, thresholds, caps."""

from hashlib import sha256
from typing import Literal, Self

from pydantic import Field, model_validator

from interviewer.noun import Noun

CompetencyId = Literal["framing", "investigation", "diagnosis", "mitigation", "prevention", "structure", "seniority"]
Grade = Literal["mid", "senior", "staff"]
HintStep = Literal["pump", "narrow", "partial", "reveal"]


class Cues(Noun):
    """What an answer touches on when it does something that shows in the whole of it rather than in one sentence.

    `groups` are alternatives that stand for one idea each (whole words, case ignored; `*` at the end of one takes any
    ending); `met` and `partial` say how many ideas must come up. `where` limits the search to the `start` of the
    interview (the first two answers), to its `end` (the last third), or does not (`anywhere`).
    """

    where: Literal["start", "anywhere", "end"] = "anywhere"
    groups: tuple[tuple[str, ...], ...] = Field(min_length=1)
    met: int = Field(ge=1)
    partial: int = Field(ge=1)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.partial <= self.met <= len(self.groups):
            raise ValueError(
                f"partial ({self.partial}) <= met ({self.met}) <= groups ({len(self.groups)}) does not hold"
            )
        if any(not word.strip("* ") for group in self.groups for word in (group or ("",))):
            raise ValueError("a group is empty or holds an empty cue")
        return self


class Criterion(Noun):
    """One thing a good answer shows.

    `bullet` is the id of the drill bullet that it stands for and is the criterion's own id as well; shared criteria use
    `shared.step.N`, `shared.opening.N`, `shared.senior.N`. `statement` says in our words what the candidate does;
    `probe` is a neutral question that may be put to the candidate and gives nothing of the answer away.
    `accepted` are phrasings that count, `near_misses` phrasings that do not, `partial` says what counts as half.
    `cues`, where given, are how the embedded judge looks for it.
    """

    bullet: str
    statement: str
    competency: CompetencyId
    probe: str
    weight: float = Field(default=1.0, gt=0.0, le=10.0)
    accepted: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    partial: str = ""
    cues: Cues | None = None


class ScenarioRubric(Noun):
    """The criteria of one scenario; `rubric_version` counts releases, a released file is never edited in place."""

    schema_version: Literal[1]
    rubric_version: int = Field(ge=1)
    scenario: int = Field(ge=1)
    criteria: tuple[Criterion, ...]


class Anchors(Noun):
    """What each level looks like, in words (behaviourally anchored rating scale)."""

    level_1: str
    level_2: str
    level_3: str
    level_4: str
    level_5: str


class Competency(Noun):
    """Something that is assessed across scenarios; `weight` counts in the overall level."""

    id: CompetencyId
    title: str
    description: str
    weight: float = Field(default=1.0, gt=0.0, le=10.0)
    anchors: Anchors


class Thresholds(Noun):
    """Smallest share of credit, in [0, 1], that earns each level; below `level_2` the level is 1.

    A section is a menu: `level_5` lies well under 1, nobody must recite everything.
    """

    level_2: float = Field(gt=0.0, lt=1.0)
    level_3: float = Field(gt=0.0, lt=1.0)
    level_4: float = Field(gt=0.0, lt=1.0)
    level_5: float = Field(gt=0.0, le=1.0)


class Credits(Noun):
    """Credit in [0, 1] that a verdict earns before hint caps."""

    met: float = Field(default=1.0, ge=0.0, le=1.0)
    partial: float = Field(default=0.5, ge=0.0, le=1.0)


class HintCaps(Noun):
    """Largest credit in [0, 1] for a criterion that was reached only after that hint."""

    pump: float = Field(ge=0.0, le=1.0)
    narrow: float = Field(ge=0.0, le=1.0)
    partial: float = Field(ge=0.0, le=1.0)
    reveal: float = Field(ge=0.0, le=1.0)


class Expectation(Noun):
    """Level 1-5 expected per competency at one grade of seniority."""

    framing: int = Field(ge=1, le=5)
    investigation: int = Field(ge=1, le=5)
    diagnosis: int = Field(ge=1, le=5)
    mitigation: int = Field(ge=1, le=5)
    prevention: int = Field(ge=1, le=5)
    structure: int = Field(ge=1, le=5)
    seniority: int = Field(ge=1, le=5)


class SharedRubric(Noun):
    """What holds for every scenario: competencies, how verdicts become levels, and the shared criteria."""

    schema_version: Literal[1]
    rubric_version: int = Field(ge=1)
    competencies: tuple[Competency, ...]
    credits: Credits
    thresholds: Thresholds
    hint_caps: HintCaps
    expectations: dict[Grade, Expectation]
    criteria: tuple[Criterion, ...]


class Rubric(Noun):
    """Everything needed to grade one scenario.

    `identity` is `sNN@V+shared@W`; `sha256` hashes the bytes of both files.
    """

    identity: str
    sha256: str
    scenario: ScenarioRubric
    shared: SharedRubric

    @property
    def canary(self) -> str:
        """Twelve hex digits that stand in every prompt which holds the key, so that a copy of it can be told."""
        return sha256(f"canary {self.sha256} {self.identity}".encode()).hexdigest()[:12]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The scenario's criteria, then the shared ones."""
        return self.scenario.criteria + self.shared.criteria

    def criterion(self, bullet: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.bullet == bullet), None)

    def competency(self, competency_id: str) -> Competency | None:
        return next((item for item in self.shared.competencies if item.id == competency_id), None)
