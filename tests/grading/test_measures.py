"""Measures against values worked out by hand."""

import numpy as np
import pytest

from interviewer.grading.measures import auc, f1, interval, kappa


def test_kappa_by_hand() -> None:
    # observed .6, expected by chance .52: (0.6 - 0.52) / 0.48
    assert kappa([1, 1, 1, 0, 0], [1, 1, 0, 1, 0]) == pytest.approx(1 / 6)
    assert kappa([0, 1, 2], [0, 1, 2], weights="quadratic") == pytest.approx(1.0)


def test_where_a_measure_is_not_defined_there_is_none() -> None:
    assert kappa([], []) is None
    assert kappa([1, 1], [1, 1]) is None
    assert f1([], [], [0, 1]) is None
    assert auc([True, True], [0.1, 0.9]) is None
    assert interval(lambda _: None, ["a", "b"], rounds=10, seed=1) is None


def test_auc_and_f1_by_hand() -> None:
    assert auc([False, True, True], [0.1, 0.05, 0.9]) == pytest.approx(0.5)
    assert f1([0, 1, 1], [0, 1, 0], [0, 1]) == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_the_interval_draws_whole_clusters_and_repeats() -> None:
    values = np.array([0.0, 0.0, 1.0, 1.0])
    clusters = ["a", "a", "b", "b"]

    def mean(drawn: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        return float(values[drawn].mean())

    first = interval(mean, clusters, rounds=200, seed=3)
    assert first == interval(mean, clusters, rounds=200, seed=3)
    assert first == (0.0, 1.0)  # whole clusters: the mean is 0, .5 or 1, never .25
