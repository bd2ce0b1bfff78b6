"""What a judge says about one criterion."""

from typing import Annotated, Literal

from pydantic import Field

from interviewer.noun import Noun
from interviewer.transcript import Quote

Label = Literal["met", "partial", "not_met"]


class Verdict(Noun):
    """A judged criterion.

    `score` in [0, 1] ranks how well the evidence satisfies the criterion; `sure` is False inside the judge's unsure
    zone, and then totals are given as a range; `quotes` is empty only for `not_met`.
    `nearest` is what an unsure verdict hangs on, evidence or not: the words to ask the candidate about.
    `judge` names who decided (`embedded@1`, `candidate`, `openai:NAME+judge@1`). `votes` are the labels of a judge that
    judged several times, of which `label` is the median; empty where it judged once.
    """

    kind: Literal["verdict"] = "verdict"
    criterion: str
    label: Label
    score: float = Field(ge=0.0, le=1.0)
    sure: bool
    quotes: tuple[Quote, ...] = ()
    nearest: Quote | None = None
    judge: str
    votes: tuple[Label, ...] = ()


class Ungraded(Noun):
    """A criterion that could not be judged: never a low grade, never a number."""

    kind: Literal["ungraded"] = "ungraded"
    criterion: str
    reason: str
    judge: str


Judgement = Annotated[Verdict | Ungraded, Field(discriminator="kind")]
