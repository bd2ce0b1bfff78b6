"""Slots are filled, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.prompts.template import SlotError, render


@pytest.mark.parametrize("values", [{}, {"phrase": "x", "more": "y"}, {"other": "x"}])
def test_missing_and_extra_values_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(SlotError):
        render("You said “{phrase}”.", values)


@given(st.text())
def test_what_is_filled_in_is_taken_as_it_is(phrase: str) -> None:
    assert render("“{phrase}”", {"phrase": phrase}) == f"“{phrase}”"
