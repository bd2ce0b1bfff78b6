"""Orders made of orders, by property."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from interviewer.index.fusion import best_first, fuse_ranks, standardise

LEG = st.lists(st.integers(0, 20), min_size=6, max_size=6).map(lambda values: np.array(values, np.float64))
LEGS = st.lists(LEG, min_size=1, max_size=4)


@given(LEGS, st.integers(1, 100))
def test_fused_scores_are_bounded(legs: list[np.ndarray], k: int) -> None:
    fused = fuse_ranks(legs, k)
    assert fused.shape == (6,)
    assert (fused > 0.0).all()
    assert (fused <= len(legs) / (k + 1) + 1e-12).all()


@given(LEG, st.integers(1, 4), st.integers(1, 100))
def test_legs_that_agree_keep_their_order(leg: np.ndarray, times: int, k: int) -> None:
    assert best_first(fuse_ranks([leg] * times, k)).tolist() == best_first(leg).tolist()


@given(LEGS, st.integers(1, 100))
def test_best_in_every_leg_is_best_fused(legs: list[np.ndarray], k: int) -> None:
    fused = fuse_ranks([np.append(leg, 21.0) for leg in legs], k)
    assert best_first(fused)[0] == 6


@given(st.lists(st.floats(-1e3, 1e3), max_size=20))
def test_standardised_scores_keep_their_order(values: list[float]) -> None:
    scores = np.array(values, np.float64)
    standard = standardise(scores)
    assert np.isfinite(standard).all()
    assert (np.diff(standard[np.argsort(scores, kind="stable")]) >= -1e-9).all()


def test_equal_scores_keep_their_order() -> None:
    assert best_first(np.array([1.0, 1.0, 2.0])).tolist() == [2, 0, 1]
