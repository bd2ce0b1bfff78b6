"""Several judgements of the same criterion become one."""

from collections.abc import Mapping, Sequence

from interviewer.verdict import Judgement, Label, Ungraded, Verdict

_ORDER: tuple[Label, ...] = ("not_met", "partial", "met")
_POINTS: Mapping[Label, float] = {"not_met": 0.0, "partial": 0.5, "met": 1.0}


def score_of(labels: Sequence[Label]) -> float:
    """Mean of the labels in [0, 1]: met counts 1, partial a half."""
    return round(sum(_POINTS[label] for label in labels) / len(labels), 4)


def combine(passes: Sequence[Judgement]) -> Judgement:
    """The median verdict of several passes, the lower of two middle ones; sure only where all passes agree.

    The quotes are those of the first pass that gave the median. Where half of the passes or more could not judge, the
    criterion is ungraded.
    """
    verdicts = [one for one in passes if isinstance(one, Verdict)]
    failed = [one for one in passes if isinstance(one, Ungraded)]
    if 2 * len(failed) >= len(passes):
        return failed[0]
    labels = tuple(one.label for one in verdicts)
    median = sorted(labels, key=_ORDER.index)[(len(labels) - 1) // 2]
    chosen = next(one for one in verdicts if one.label == median)
    if len(passes) == 1:
        return chosen
    agreed = len(set(labels)) == 1 and not failed
    return chosen.model_copy(update={"score": score_of(labels), "sure": agreed, "votes": labels})
