from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.levels import assess, level_of, overall, share
from interviewer.rubric import HintStep
from interviewer.verdict import Label, Ungraded, Verdict
from tests.grading.judged import rubrics

RUBRIC = rubrics()[1]
SHARED = RUBRIC.shared
CRITERION = RUBRIC.criteria[0]
LABELS = st.sampled_from(get_args(Label))
HINTS = st.none() | st.sampled_from(get_args(HintStep))


def verdict(label: Label, *, sure: bool = True) -> Verdict:
    return Verdict(criterion=CRITERION.bullet, label=label, score=0.5, sure=sure, judge="test@1")


@given(label=LABELS, sure=st.booleans(), hint=HINTS)
def test_credit_stands_in_its_range(label: Label, sure: bool, hint: HintStep | None) -> None:
    one = assess(CRITERION, verdict(label, sure=sure), hint, SHARED.credits, SHARED.hint_caps)
    assert one.credit is not None
    assert one.low is not None
    assert one.high is not None
    assert 0.0 <= one.low <= one.credit <= one.high <= 1.0
    assert not sure or one.low == one.credit == one.high


@given(hint=st.sampled_from(get_args(HintStep)))
def test_a_hint_caps_what_can_be_earned(hint: HintStep) -> None:
    one = assess(CRITERION, verdict("met"), hint, SHARED.credits, SHARED.hint_caps)
    assert one.credit == min(SHARED.credits.met, getattr(SHARED.hint_caps, hint))


def test_dearer_hints_leave_less() -> None:
    caps = [getattr(SHARED.hint_caps, hint) for hint in get_args(HintStep)]
    assert caps == sorted(caps, reverse=True)


def test_what_could_not_be_judged_is_no_number() -> None:
    ungraded = Ungraded(criterion=CRITERION.bullet, reason="r", judge="test@1")
    one = assess(CRITERION, ungraded, None, SHARED.credits, SHARED.hint_caps)
    assert (one.credit, one.low, one.high) == (None, None, None)
    met = assess(CRITERION, verdict("met"), None, SHARED.credits, SHARED.hint_caps)
    assert share([one, met]) == share([met])
    assert share([one]) is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_credit_is_no_lower_level(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 <= level_of(low, SHARED.thresholds) <= level_of(high, SHARED.thresholds) <= 5


@pytest.mark.parametrize(("credit", "level"), [(0.0, 1), (0.12, 2), (0.28, 3), (0.42, 4), (0.55, 5), (1.0, 5)])
def test_a_list_is_a_menu(credit: float, level: int) -> None:
    assert level_of(credit, SHARED.thresholds) == level


def test_the_overall_is_a_weighted_mean_of_what_was_assessed() -> None:
    assert overall({"framing": 4, "diagnosis": 1}, {"framing": 2.0, "diagnosis": 1.0, "prevention": 9.0}) == 3.0
    assert overall({}, {"framing": 1.0}) is None
