"""Losses, bounds, and what can be detected, against cases that can be worked out by hand."""

import numpy as np
import pytest

from interviewer.evaluation.statistics import detectable_loss, holm, paired_loss, queries_needed

CLUSTERS = [f"s{number % 12:02d}" for number in range(360)]


def losses(seed: int, mean: float) -> tuple[list[float], list[float]]:
    draw = np.random.default_rng(seed)
    before = draw.uniform(0.3, 0.9, len(CLUSTERS))
    return before.tolist(), (before - draw.normal(mean, 0.2, len(CLUSTERS))).tolist()


def test_equal_runs_lose_nothing() -> None:
    loss = paired_loss([0.5, 1.0], [0.5, 1.0], ["a", "b"], seed=1)
    assert (loss.mean, loss.low, loss.high, loss.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_a_constant_loss_has_no_width() -> None:
    loss = paired_loss([1.0] * 30, [0.9] * 30, ["a", "b", "c"] * 10, seed=1, rounds=500)
    assert loss.mean == pytest.approx(0.1)
    assert loss.low == pytest.approx(0.1)
    assert loss.high == pytest.approx(0.1)
    assert loss.p_value < 0.01


def test_the_same_seed_gives_the_same_bounds() -> None:
    before, after = losses(3, 0.05)
    assert paired_loss(before, after, CLUSTERS, seed=7) == paired_loss(before, after, CLUSTERS, seed=7)
    assert paired_loss(before, after, CLUSTERS, seed=7) != paired_loss(before, after, CLUSTERS, seed=8)


def test_bounds_hold_what_is_true_about_as_often_as_they_say() -> None:
    low = sum(paired_loss(*losses(seed, 0.05), CLUSTERS, seed=seed, rounds=600).low > 0.05 for seed in range(60))
    assert low <= 8  # 5 % expected of 60, with room for chance


def test_queries_of_one_scenario_that_fall_together_widen_the_interval() -> None:
    before = [1.0] * 360
    together = [0.0 if cluster in ("s00", "s01") else 1.0 for cluster in CLUSTERS]
    apart = [0.0 if number % 6 == 0 else 1.0 for number in range(360)]
    spread_out = [f"s{number // 30:02d}" for number in range(360)]
    narrow = paired_loss(before, apart, spread_out, seed=1)
    wide = paired_loss(before, together, CLUSTERS, seed=1)
    assert narrow.mean == pytest.approx(wide.mean)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert wide.design > 5 > narrow.design


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        paired_loss([1.0], [0.5], [], seed=1)
    with pytest.raises(ValueError):
        paired_loss([], [], [], seed=1)


def test_detectable_losses_are_those_of_the_published_table() -> None:
    assert detectable_loss(400, 0.1**0.5) == pytest.approx(0.039, abs=5e-4)
    assert detectable_loss(150, 0.25, 1.5) == pytest.approx(0.062, abs=5e-4)
    assert queries_needed(detectable_loss(300, 0.2), 0.2) == pytest.approx(300, abs=1)
    assert detectable_loss(0, 0.2) == float("inf")


def test_holm_multiplies_the_smallest_most_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
