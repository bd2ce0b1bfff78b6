"""Scorecards for tests, by hand: nothing here is judged."""

from interviewer.grading.scorecard import (
    CompetencyResult,
    CriterionResult,
    Flag,
    Passage,
    Priority,
    Provenance,
    Scorecard,
)
from interviewer.transcript import Quote


def criterion_result(name: str, quote: str = "") -> CriterionResult:
    quotes = (Quote(turn=1, start=0, end=len(quote), text=quote),) if quote else ()
    label = "met" if quote else "not_met"
    return CriterionResult(
        criterion=name,
        statement=f"Does {name}.",
        label=label,
        sure=bool(quote),
        score=0.5,
        quotes=quotes,
        judge="test@1",
    )


def scorecard(quote: str = "I diff the schema", *, transcript: str = "t1", title: str = "A drill") -> Scorecard:
    shown, missed = criterion_result("s01.inspect.1", quote), criterion_result("s01.inspect.2")
    investigation = CompetencyResult(
        id="investigation", title="Investigating", level=3, low=2, high=4, share=0.5, expected=4, self_rating=5,
        anchor="Names places.", next_anchor="Says what a reading means.", criteria=(shown, missed),
    )  # fmt: skip
    return Scorecard(
        transcript=transcript,
        source="talk.vtt",
        scenario=1,
        title=title,
        grade="senior",
        overall=3.0,
        low=2.0,
        high=4.0,
        met=1,
        partial=0,
        not_met=1,
        ungraded=0,
        unsure=1,
        competencies=(investigation, CompetencyResult(id="prevention", title="Preventing", expected=3)),
        priorities=(
            Priority(
                competency="investigation",
                title="Investigating",
                why="Level 3, and 4 is expected.",
                passages=(Passage(bullet="s01.inspect.2", section="What To Inspect", text="sample inputs"),),
            ),
        ),
        strongest=shown,
        flags=(Flag(kind="instruction", what="reads like an instruction", quote=shown.quotes[0]),),
        roles={"Ann": "interviewer", "Bo": "candidate"},
        provenance=Provenance(rubric="s01@1+shared@1", rubric_sha256="ab", judge="test@1", corpus_sha256="cd"),
    )


def in_doubt(card: Scorecard, *names: str) -> Scorecard:
    """The scorecard with the judge unsure of these criteria and of no other; totals are as they were."""
    competencies = tuple(
        one.model_copy(
            update={
                "criteria": tuple(row.model_copy(update={"sure": row.criterion not in names}) for row in one.criteria)
            }
        )
        for one in card.competencies
    )
    return card.model_copy(update={"competencies": competencies})
