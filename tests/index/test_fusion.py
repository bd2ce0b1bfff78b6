"""Orders made of orders, by property."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from interviewer.index.fusion import best_first, fuse_ranks, standardise

RANKING = st.lists(st.integers(0, 20), max_size=15)
RANKINGS = st.lists(RANKING, max_size=4)


@given(RANKINGS, st.integers(1, 100))
def test_fused_names_are_those_of_the_rankings(rankings: list[list[int]], k: int) -> None:
    assert set(fuse_ranks(rankings, k)) == {name for ranking in rankings for name in ranking}


@given(RANKINGS, st.integers(1, 100))
def test_scores_fall_and_are_bounded(rankings: list[list[int]], k: int) -> None:
    scores = list(fuse_ranks(rankings, k).values())
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= len(rankings) / (k + 1) + 1e-12 for score in scores)


@given(RANKING, st.integers(1, 4), st.integers(1, 100))
def test_rankings_that_agree_are_kept(ranking: list[int], times: int, k: int) -> None:
    assert list(fuse_ranks([ranking] * times, k)) == list(dict.fromkeys(ranking))


@given(RANKINGS, st.integers(1, 100))
def test_better_in_every_ranking_is_better_fused(rankings: list[list[int]], k: int) -> None:
    fused = list(fuse_ranks([[-1, *ranking] for ranking in rankings], k))
    assert fused[:1] == ([-1] if rankings else [])


@given(st.lists(st.floats(-1e3, 1e3), max_size=20))
def test_standardised_scores_keep_their_order(values: list[float]) -> None:
    scores = np.array(values, np.float64)
    standard = standardise(scores)
    assert np.isfinite(standard).all()
    assert (np.diff(standard[np.argsort(scores, kind="stable")]) >= -1e-9).all()


def test_equal_scores_keep_their_order() -> None:
    assert best_first({"b": 1.0, "a": 1.0, "c": 2.0}) == ["c", "b", "a"]
