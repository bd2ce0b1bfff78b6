"""Verdicts become credit, credit becomes levels: the only place where numbers are made, and it is code."""

from collections.abc import Mapping, Sequence

from interviewer.noun import Noun
from interviewer.rubric import CompetencyId, Credits, Criterion, HintCaps, HintStep, Thresholds
from interviewer.verdict import Judgement, Label


class Assessed(Noun):
    """A criterion with what it earned: `credit`, `low`, `high` in [0, 1]; None where it could not be judged.

    `low` and `high` say what it would have earned had an unsure verdict gone the other way; they equal `credit` where
    the judge is sure.
    """

    criterion: Criterion
    judgement: Judgement
    hint: HintStep | None = None
    credit: float | None
    low: float | None
    high: float | None


def assess(
    criterion: Criterion, judgement: Judgement, hint: HintStep | None, credits: Credits, caps: HintCaps
) -> Assessed:
    """What one criterion earned, capped by the costliest hint that led to it."""
    if judgement.kind == "ungraded":
        return Assessed(criterion=criterion, judgement=judgement, hint=hint, credit=None, low=None, high=None)
    cap = getattr(caps, hint) if hint else 1.0
    credit = min(credit_of(judgement.label, credits), cap)
    low, high = credit, credit
    if not judgement.sure:
        low = 0.0 if judgement.label == "not_met" else min(_one_down(judgement.label, credits), cap)
        high = min(_one_up(judgement.label, credits), cap)
    return Assessed(criterion=criterion, judgement=judgement, hint=hint, credit=credit, low=low, high=high)


def credit_of(label: Label, credits: Credits) -> float:
    """Credit in [0, 1] of a verdict before hint caps."""
    return {"met": credits.met, "partial": credits.partial, "not_met": 0.0}[label]


def _one_down(label: Label, credits: Credits) -> float:
    return credits.partial if label == "met" else 0.0


def _one_up(label: Label, credits: Credits) -> float:
    return credits.met if label in ("met", "partial") else credits.partial


def share(assessed: Sequence[Assessed], which: str = "credit") -> float | None:
    """Weighted mean credit in [0, 1] over what could be judged; None where nothing could."""
    judged = [one for one in assessed if one.credit is not None]
    weight = sum(one.criterion.weight for one in judged)
    return sum(getattr(one, which) * one.criterion.weight for one in judged) / weight if judged else None


def level_of(share_of_credit: float, thresholds: Thresholds) -> int:
    """Level 1-5 that a share of credit in [0, 1] earns."""
    steps = (thresholds.level_2, thresholds.level_3, thresholds.level_4, thresholds.level_5)
    # a share that equals a threshold up to rounding has reached it
    return 1 + sum(share_of_credit >= step - 1e-9 for step in steps)


def overall(levels: Mapping[CompetencyId, float], weights: Mapping[CompetencyId, float]) -> float | None:
    """Weighted mean level in [1, 5] of the competencies that were assessed; None where none was."""
    weight = sum(weights[name] for name in levels)
    return sum(level * weights[name] for name, level in levels.items()) / weight if levels else None
