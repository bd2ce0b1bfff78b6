"""Which calls are tried again, how often, and when none is made for a while."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from interviewer.errors import (
    ModelAuthError,
    ModelBadResponseError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitedError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelTruncatedError,
    ModelUnavailableError,
)
from interviewer.models.retry import Breaker, call_again, is_passing

AWAY = ModelUnavailableError("away")
LATE = ModelTimeoutError("late")
BAD = ModelBadResponseError("bad", kind="not_completion")


class Recorded(Random):
    """Jitter that keeps what it was asked for and waits for nothing."""

    def __init__(self) -> None:
        super().__init__(0)
        self.ranges: list[tuple[float, float]] = []

    def uniform(self, a: float, b: float) -> float:
        self.ranges.append((a, b))
        return 0.0


class Calls:
    """A call that comes to one result after another."""

    def __init__(self, results: Sequence[ModelError | str]) -> None:
        self.results = list(results)
        self.made = 0

    async def __call__(self) -> str:
        self.made += 1
        result = self.results.pop(0)
        if isinstance(result, ModelError):
            raise result
        return result


def tried(calls: Calls, budget_s: float = 60.0, jitter: Random | None = None) -> tuple[str, list[str]]:
    told: list[str] = []
    waits = jitter or Recorded()
    return asyncio.run(call_again(calls, budget_s=budget_s, jitter=waits, tell=told.append)), told


@pytest.mark.parametrize("error", [AWAY, BAD, ModelRateLimitedError("busy", retry_after_s=0.0)])
def test_a_passing_fault_is_tried_again_and_told(error: ModelError) -> None:
    calls = Calls([error, "fine"])
    result, told = tried(calls)
    assert (result, calls.made, len(told)) == ("fine", 2, 1)


@pytest.mark.parametrize(
    "error",
    [
        LATE,
        ModelAuthError("key"),
        ModelQuotaError("quota"),
        ModelRefusedError("no"),
        ModelTruncatedError("cut"),
        ModelBadResponseError("elsewhere", kind="redirect"),
        ModelBadResponseError("no model", kind="not_found"),
        ModelBadResponseError("will not", kind="rejected"),
        ModelBadResponseError("twice", kind="duplicate_key"),
    ],
)
def test_what_will_not_pass_is_not(error: ModelError) -> None:
    calls = Calls([error])
    with pytest.raises(ModelError) as raised:
        tried(calls)
    assert raised.value is error
    assert not is_passing(error)


@pytest.mark.parametrize(("error", "tries"), [(AWAY, 3), (ModelRateLimitedError("busy"), 3), (BAD, 2)])
def test_it_is_not_tried_for_ever(error: ModelError, tries: int) -> None:
    calls = Calls([error] * 9)
    with pytest.raises(ModelError) as raised:
        tried(calls)
    assert raised.value is error
    assert calls.made == tries


def test_waits_grow_with_full_jitter() -> None:
    jitter = Recorded()
    tried(Calls([AWAY, AWAY, "fine"]), jitter=jitter)
    assert jitter.ranges == [(0.0, 1.0), (0.0, 2.0)]


@pytest.mark.parametrize(("retry_after_s", "made"), [(60.0, 1), (600.0, 1), (0.0, 2)])
def test_a_wait_that_does_not_fit_is_not_begun(retry_after_s: float, made: int) -> None:
    calls = Calls([ModelRateLimitedError("busy", retry_after_s=retry_after_s), "fine"])
    if made == 1:
        with pytest.raises(ModelRateLimitedError):
            tried(calls, budget_s=60.0)
    else:
        assert tried(calls, budget_s=60.0)[0] == "fine"
    assert calls.made == made


class HandClock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def is_open(breaker: Breaker) -> bool:
    try:
        breaker.check("host")
    except ModelUnavailableError:
        return True
    return False


@pytest.mark.parametrize(("error", "enough"), [(AWAY, 5), (LATE, 2)])
def test_the_breaker_opens_after_some_failures_in_a_row(error: ModelError, enough: int) -> None:
    breaker = Breaker(HandClock())
    for _ in range(enough - 1):
        breaker.note(error)
    assert not is_open(breaker)
    breaker.note(error)
    assert is_open(breaker)


@pytest.mark.parametrize("other", [None, ModelAuthError("key"), ModelRefusedError("no"), BAD])
def test_anything_else_begins_the_count_anew(other: ModelError | None) -> None:
    breaker = Breaker(HandClock())
    for error in [*[AWAY] * 4, other, *[AWAY] * 4]:
        breaker.note(error)
    assert not is_open(breaker)


def test_after_a_minute_one_call_is_let_through() -> None:
    clock = HandClock()
    breaker = Breaker(clock)
    for _ in range(5):
        breaker.note(AWAY)
    clock.seconds = 59.0
    assert is_open(breaker)
    clock.seconds = 60.0
    assert not is_open(breaker)
    assert is_open(breaker)


@pytest.mark.parametrize(("result", "opened"), [(AWAY, True), (None, False)])
def test_that_call_decides(result: ModelError | None, opened: bool) -> None:
    clock = HandClock()
    breaker = Breaker(clock)
    for _ in range(5):
        breaker.note(AWAY)
    clock.seconds = 60.0
    breaker.check("host")
    breaker.note(result)
    assert is_open(breaker) is opened


def test_the_wait_that_is_left_is_told() -> None:
    clock = HandClock()
    breaker = Breaker(clock)
    for _ in range(5):
        breaker.note(AWAY)
    clock.seconds = 18.0
    with pytest.raises(ModelUnavailableError, match=r"host: .* again in 42 s") as raised:
        breaker.check("host")
    assert raised.value.where == "host"
