"""Paired differences of two runs: means, intervals by bootstrap over scenarios, and what can be detected at all."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ROUNDS = 10_000
ALPHA = 0.05  # one-sided
Z_ALPHA, Z_POWER = 1.6449, 0.8416  # normal quantiles of .95 and of .80


class Loss(NamedTuple):
    """How much less the second of two runs has, per query on average; positive is worse.

    `low` and `high` are the one-sided 95 % bounds; `p_value` that of a loss by chance (sign flips); `spread` the
    standard deviation of the differences; `design` how much the clusters widen the interval (1: not at all), as a
    variance ratio.
    """

    mean: float
    low: float
    high: float
    p_value: float
    spread: float
    design: float
    queries: int


def paired_loss(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[str], *, seed: int, rounds: int = ROUNDS
) -> Loss:
    """The loss from `before` to `after`, paired by place.

    Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): clusters are drawn with replacement, then queries
    within each, because the queries of one scenario stand and fall together.

    Raises:
        ValueError: there is no query, or the lengths differ.
    """
    lost = np.asarray(before, np.float64) - np.asarray(after, np.float64)
    if not lost.size or len(clusters) != lost.size:
        raise ValueError(f"{lost.size} differences and {len(clusters)} clusters cannot be compared")
    mean, spread = float(lost.mean()), float(lost.std(ddof=1)) if lost.size > 1 else 0.0
    if not lost.any():
        return Loss(0.0, 0.0, 0.0, 1.0, 0.0, 1.0, lost.size)
    draw = np.random.default_rng(seed)
    means = _bootstrap_means(lost[:, None], clusters, draw, rounds)[:, 0]
    low, high = np.quantile(means, [ALPHA, 1 - ALPHA])
    plain = spread**2 / lost.size
    design = max(1.0, float(means.var()) / plain) if plain else 1.0
    return Loss(mean, float(low), float(high), _flip_p(lost, draw), spread, design, lost.size)


class Restored(NamedTuple):
    """Which part of a loss something gives back: 1 all of it, 0 nothing; `low` and `high` are one-sided 95 % bounds.

    `mean` is what it gives back per query, in points of the measure.
    """

    share: float
    low: float
    high: float
    mean: float


def restored_share(
    good: Sequence[float],
    now: Sequence[float],
    rolled_back: Sequence[float],
    clusters: Sequence[str],
    *,
    seed: int,
    rounds: int = ROUNDS,
) -> Restored:
    """How much of the loss from `good` to `now` is gone in `rolled_back`, paired by place; all 0 where nothing was
    lost."""
    lost = np.asarray(good, np.float64) - np.asarray(now, np.float64)
    back = np.asarray(rolled_back, np.float64) - np.asarray(now, np.float64)
    if not lost.size or abs(lost.mean()) < 1e-12 or not back.any():
        return Restored(0.0, 0.0, 0.0, 0.0)
    means = _bootstrap_means(np.stack([lost, back], axis=1), clusters, np.random.default_rng(seed), rounds)
    usable = means[np.abs(means[:, 0]) > 1e-12]
    low, high = np.quantile(usable[:, 1] / usable[:, 0], [ALPHA, 1 - ALPHA])
    return Restored(float(back.mean() / lost.mean()), float(low), float(high), float(back.mean()))


def _bootstrap_means(rows: Numbers, clusters: Sequence[str], draw: np.random.Generator, rounds: int) -> Numbers:
    """Means of the columns of `rows` over bootstrap samples, shape (rounds, columns)."""
    names = sorted(set(clusters))
    groups = [rows[np.asarray(clusters) == name] for name in names]
    sums, counts = np.zeros((rounds, rows.shape[1])), np.zeros((rounds, 1))
    for _ in names:
        chosen = draw.integers(0, len(names), rounds)
        for number, group in enumerate(groups):
            places = np.flatnonzero(chosen == number)
            sums[places] += group[draw.integers(0, len(group), (places.size, len(group)))].sum(axis=1)
            counts[places] += len(group)
    means: Numbers = sums / counts
    return means


def _flip_p(lost: Numbers, draw: np.random.Generator, rounds: int = 2000) -> float:
    """One-sided sign-flip permutation test: how often chance signs give as great a loss."""
    moved = lost[lost != 0]
    signs = draw.choice((-1.0, 1.0), (rounds, moved.size))
    return float((1 + ((signs * moved).sum(axis=1) >= moved.sum() - 1e-12).sum()) / (rounds + 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def detectable_loss(queries: int, spread: float, design: float = 1.0) -> float:
    """The smallest loss that is found in 80 of 100 cases (one-sided 5 %), given the spread of paired differences.

    >>> round(detectable_loss(400, 0.25), 3)
    0.031
    """
    return (Z_ALPHA + Z_POWER) * spread * math.sqrt(design / queries) if queries else math.inf


def queries_needed(loss: float, spread: float, design: float = 1.0) -> int:
    """How many queries find such a loss in 80 of 100 cases.

    >>> queries_needed(0.03, 0.25)
    430
    """
    return math.ceil(design * ((Z_ALPHA + Z_POWER) * spread / loss) ** 2) if loss > 0 else 0
