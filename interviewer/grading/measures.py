"""Measures of agreement. The only door to scikit-learn; imported inside functions because it loads slowly."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from interviewer.verdict import Label

CLASSES: tuple[Label, ...] = ("not_met", "partial", "met")
Numbers = NDArray[np.float64]


def kappa(truth: Sequence[object], judged: Sequence[object], weights: str | None = None) -> float | None:
    """Cohen's kappa in [-1, 1] (weights `quadratic` for ordered classes); None where it is not defined.

    Cohen (1960); weighted: Cohen (1968). Undefined when both sides use one and the same class only.
    """
    from sklearn.metrics import cohen_kappa_score

    if not len(truth) or (len(set(truth)) == 1 and set(truth) == set(judged)):
        return None
    return float(cohen_kappa_score(truth, judged, weights=weights))


def f1(truth: Sequence[int], judged: Sequence[int], classes: Sequence[int]) -> float | None:
    """Mean F1 in [0, 1] over these classes (indices into `CLASSES`); None without items."""
    from sklearn.metrics import f1_score

    if not len(truth):
        return None
    return float(f1_score(truth, judged, labels=list(classes), average="macro", zero_division=0.0))


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the ROC curve in [0, 1]; None where one class is missing."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, scores)) if len(set(truth)) == 2 else None


def interval(
    measure: Callable[[NDArray[np.int64]], float | None],
    clusters: Sequence[str],
    *,
    rounds: int,
    seed: int,
) -> tuple[float, float] | None:
    """95 % percentile bootstrap interval, whole clusters drawn with replacement; None where too little is defined.

    Args:
        measure: takes indices of items, as often as their cluster was drawn.
        clusters: the cluster of each item.

    Efron and Tibshirani (1993), chapter 13; clustering because items of one transcript stand and fall together.
    """
    names = sorted(set(clusters))
    members = {name: np.flatnonzero(np.array(clusters) == name) for name in names}
    draw = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        drawn = draw.integers(0, len(names), len(names))
        value = measure(np.concatenate([members[names[place]] for place in drawn]))
        if value is not None:
            values.append(value)
    if len(values) < rounds / 2:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
