"""A graded transcript as a value: everything that a report shows, and where each number comes from."""

from typing import Literal

from pydantic import Field

from interviewer import __version__
from interviewer.grading.selfcheck import Answer
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Grade, HintStep
from interviewer.transcript import Quote
from interviewer.verdict import Label, Verdict


class CriterionResult(Noun):
    """One row of the report; `label` is `ungraded` where the judge could not say, then `reason` tells why.

    `votes` are the labels of each pass of a judge that judged several times, else empty. `nearest` is what an unsure
    verdict hangs on. `judge` is `candidate` or `coach` where one of them has settled it.
    """

    criterion: str
    statement: str
    label: Label | Literal["ungraded"]
    sure: bool
    score: float | None = Field(default=None, ge=0.0, le=1.0)
    credit: float | None = Field(default=None, ge=0.0, le=1.0)
    hint: HintStep | None = None
    quotes: tuple[Quote, ...] = ()
    nearest: Quote | None = None
    reason: str = ""
    judge: str
    votes: tuple[Label, ...] = ()


class CompetencyResult(Noun):
    """A competency: `level`, `low`, `high` in 1-5, None where it was not assessed; `expected` goes with the grade.

    `anchor` says in words what the level reached looks like, `next_anchor` the one above; `self_rating` is the
    candidate's own level, None where none was given.
    """

    id: CompetencyId
    title: str
    level: int | None = Field(default=None, ge=1, le=5)
    low: int | None = None
    high: int | None = None
    share: float | None = Field(default=None, ge=0.0, le=1.0)
    expected: int = Field(ge=1, le=5)
    self_rating: int | None = Field(default=None, ge=1, le=5)
    anchor: str = ""
    next_anchor: str = ""
    criteria: tuple[CriterionResult, ...] = ()


class Passage(Noun):
    """A line of the drill document, cited after the interview by its id."""

    bullet: str
    section: str
    text: str


class Priority(Noun):
    """Something to work on next: the competency, why, and the drill's own passages that were missed."""

    competency: CompetencyId
    title: str
    why: str
    passages: tuple[Passage, ...]


class Flag(Noun):
    """Something a reader should look at; it costs nothing by itself. `kind` e.g. `instruction`, `hidden_characters`."""

    kind: str
    what: str
    quote: Quote | None = None


class Provenance(Noun):
    """Where a scorecard comes from. Empty strings stand for parts that were not used.

    `worded_by` maps whoever worded interviewer turns to their 0-based indices; `tokens` counts prompts and replies.
    `settled` counts the verdicts that are the candidate's or the coach's, by whom.
    """

    rubric: str
    rubric_sha256: str
    judge: str
    speaker: str = ""
    corpus_sha256: str
    index_manifest: str = ""
    prompts: tuple[str, ...] = ()
    code_version: str = __version__
    tokens: int = Field(default=0, ge=0)
    worded_by: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    settled: dict[str, int] = Field(default_factory=dict)


class Scorecard(Noun):
    """The result of grading one transcript. It gives no verdict on hiring.

    `overall`, `low`, `high` in [1, 5] are weighted mean levels over the competencies that were assessed, None where
    none was. `unsure` counts criteria whose verdict the judge is not sure of: `low` and `high` say what hangs on them.
    `answers` are what candidate and coach said of single criteria, `replaced` the judge's verdicts below theirs.
    """

    schema_version: Literal[1] = 1
    transcript: str
    source: str
    scenario: int
    title: str
    grade: Grade
    overall: float | None = Field(default=None, ge=1.0, le=5.0)
    low: float | None = None
    high: float | None = None
    met: int = Field(ge=0)
    partial: int = Field(ge=0)
    not_met: int = Field(ge=0)
    ungraded: int = Field(ge=0)
    unsure: int = Field(ge=0)
    competencies: tuple[CompetencyResult, ...]
    priorities: tuple[Priority, ...] = Field(max_length=3)
    strongest: CriterionResult | None = None
    flags: tuple[Flag, ...] = ()
    warnings: tuple[str, ...] = ()
    roles: dict[str, str] = Field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    replaced: tuple[Verdict, ...] = ()
    provenance: Provenance
