"""Judgements, a rubric and the document make a scorecard."""

from collections.abc import Mapping, Sequence

from interviewer.grading.levels import Assessed, assess, level_of, overall, share
from interviewer.grading.scorecard import (
    CompetencyResult,
    CriterionResult,
    Flag,
    Passage,
    Priority,
    Provenance,
    Scorecard,
)
from interviewer.rubric import Anchors, Competency, Grade, HintStep, Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement

MOST_PRIORITIES = 3
_PASSAGES = 3


def build_scorecard(
    judgements: Sequence[Judgement],
    rubric: Rubric,
    document: DrillDocument,
    transcript: Transcript,
    *,
    reached: Mapping[str, HintStep],
    grade: Grade,
    self_ratings: Mapping[str, int],
    provenance: Provenance,
    flags: Sequence[Flag] = (),
    warnings: Sequence[str] = (),
    roles: Mapping[str, str] | None = None,
) -> Scorecard:
    """The scorecard of one transcript.

    Args:
        judgements: one per criterion of the rubric, in its order.
        reached: criterion -> costliest hint after which it was reached; empty for saved transcripts.
        self_ratings: competency -> the candidate's own level 1-5; may be empty.
    """
    shared = rubric.shared
    assessed = [
        assess(criterion, judgement, reached.get(criterion.bullet), shared.credits, shared.hint_caps)
        for criterion, judgement in zip(rubric.criteria, judgements, strict=True)
    ]
    results = [_competency(one, assessed, rubric, grade, self_ratings) for one in shared.competencies]
    weights = {one.id: one.weight for one in shared.competencies}
    scenario = document.scenario(rubric.scenario.scenario)
    labels = [one.judgement.label for one in assessed if one.judgement.kind == "verdict"]
    return Scorecard(
        transcript=transcript.id,
        source=transcript.source,
        scenario=rubric.scenario.scenario,
        title=scenario.title if scenario else "",
        grade=grade,
        overall=overall({one.id: one.level for one in results if one.level is not None}, weights),
        low=overall({one.id: one.low for one in results if one.low is not None}, weights),
        high=overall({one.id: one.high for one in results if one.high is not None}, weights),
        met=labels.count("met"),
        partial=labels.count("partial"),
        not_met=labels.count("not_met"),
        ungraded=len(assessed) - len(labels),
        unsure=sum(one.judgement.kind == "verdict" and not one.judgement.sure for one in assessed),
        competencies=tuple(results),
        priorities=_priorities(results, assessed, document),
        strongest=_strongest(assessed),
        flags=tuple(flags),
        warnings=tuple(warnings),
        roles=dict(roles or {}),
        provenance=provenance,
    )


def _competency(
    competency: Competency,
    assessed: Sequence[Assessed],
    rubric: Rubric,
    grade: Grade,
    self_ratings: Mapping[str, int],
) -> CompetencyResult:
    mine = [one for one in assessed if one.criterion.competency == competency.id]
    shares = {which: share(mine, which) for which in ("credit", "low", "high")}
    levels = {
        which: None if value is None else level_of(value, rubric.shared.thresholds) for which, value in shares.items()
    }
    level = levels["credit"]
    return CompetencyResult(
        id=competency.id,
        title=competency.title,
        level=level,
        low=levels["low"],
        high=levels["high"],
        share=shares["credit"],
        expected=getattr(rubric.shared.expectations[grade], competency.id),
        self_rating=self_ratings.get(competency.id),
        anchor=_anchor(competency.anchors, level) if level else "",
        next_anchor=_anchor(competency.anchors, level + 1) if level and level < 5 else "",
        criteria=tuple(_result(one) for one in mine),
    )


def _anchor(anchors: Anchors, level: int) -> str:
    return str(getattr(anchors, f"level_{level}"))


def _result(one: Assessed) -> CriterionResult:
    judgement = one.judgement
    if judgement.kind == "ungraded":
        return CriterionResult(
            criterion=one.criterion.bullet,
            statement=one.criterion.statement,
            label="ungraded",
            sure=False,
            reason=judgement.reason,
            judge=judgement.judge,
        )
    return CriterionResult(
        criterion=one.criterion.bullet,
        statement=one.criterion.statement,
        label=judgement.label,
        sure=judgement.sure,
        score=judgement.score,
        credit=one.credit,
        hint=one.hint,
        quotes=judgement.quotes,
        nearest=judgement.nearest,
        judge=judgement.judge,
        votes=judgement.votes,
    )


def _priorities(
    results: Sequence[CompetencyResult], assessed: Sequence[Assessed], document: DrillDocument
) -> tuple[Priority, ...]:
    """The competencies furthest below what is expected, each with passages of the drill that were missed."""
    texts = _passages(document)
    found = []
    short = [one for one in results if one.level is not None and one.level < 5]
    for result in sorted(short, key=lambda one: ((one.level or 0) - one.expected, one.share or 0.0)):
        missed = _missed(result, assessed)
        passages = tuple(texts[name] for name in missed if name in texts)
        if missed:
            found.append(
                Priority(competency=result.id, title=result.title, why=_why(result), passages=passages[:_PASSAGES])
            )
    return tuple(found[:MOST_PRIORITIES])


def _passages(document: DrillDocument) -> dict[str, Passage]:
    """Criterion -> the line of the document behind it: a bullet, or for shared criteria a line of the preamble."""
    found = {one.id: Passage(bullet=one.id, section=one.section, text=one.text) for one in document.bullets}
    preamble = document.preamble
    lines = {"step": preamble.answer_steps, "opening": preamble.opening_steps, "senior": preamble.seniority_signals}
    for kind, texts in lines.items():
        for number, text in enumerate(texts, start=1):
            name = f"shared.{kind}.{number}"
            found[name] = Passage(bullet=name, section="preamble", text=text)
    return found


def _missed(result: CompetencyResult, assessed: Sequence[Assessed]) -> list[str]:
    """Criteria that earned less than their due, surest and heaviest first."""
    mine = [one for one in assessed if one.criterion.competency == result.id and one.credit is not None]
    short = [one for one in mine if (one.credit or 0.0) < 1.0]
    return [one.criterion.bullet for one in sorted(short, key=_by_need)]


def _by_need(one: Assessed) -> tuple[bool, float, float]:
    sure = one.judgement.kind == "verdict" and one.judgement.sure
    return (not sure, one.credit or 0.0, -one.criterion.weight)


def _why(result: CompetencyResult) -> str:
    level = result.level or 1
    if level < result.expected:
        return f"Level {level}, and {result.expected} is expected at this seniority."
    return f"Level {level} meets what is expected; this is where the next level is nearest."


def _strongest(assessed: Sequence[Assessed]) -> CriterionResult | None:
    """The met criterion with the highest score that cost no hint and that a sentence shows (not the whole answer)."""
    met = [
        one
        for one in assessed
        if one.judgement.kind == "verdict"
        and one.judgement.label == "met"
        and one.judgement.quotes
        and not one.hint
        and one.criterion.cues is None
    ]
    best = max(met, key=lambda one: one.judgement.score if one.judgement.kind == "verdict" else 0.0, default=None)
    return _result(best) if best else None
