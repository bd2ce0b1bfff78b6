"""The one place where calls to a model are tried again, and where they stop being made for a while."""

from collections.abc import Awaitable, Callable
from random import Random
from threading import Lock
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from interviewer.errors import (
    ModelBadResponseError,
    ModelError,
    ModelRateLimitedError,
    ModelTimeoutError,
    ModelUnavailableError,
)

Result = TypeVar("Result")
Tell = Callable[[str], None]

MOST_TRIES = 3
MOST_BAD_RESPONSES = 2
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 8.0
_AGAIN = ("not_completion", "error_body", "no_choices", "incomplete", "bad_event")
UNAVAILABLE_TO_OPEN = 5
TIMEOUTS_TO_OPEN = 2
COOL_S = 60.0


async def call_again(
    call: Callable[[], Awaitable[Result]], *, budget_s: float, jitter: Random, tell: Tell = lambda text: None
) -> Result:
    """The result of a call; passing faults are tried again, three times in all, while the waits fit the budget.

    Tried again: no connection and server faults, rate limits that pass in time, an answer that is none (once).
    Waits grow from half a second with full jitter, or are what the server asks for.

    Args:
        tell: is given a sentence before each wait.
    """

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ModelRateLimitedError) and error.retry_after_s is not None:
            return error.retry_after_s
        return jitter.uniform(0.0, min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**state.attempt_number))

    def announce(state: RetryCallState) -> None:
        pause = state.next_action.sleep if state.next_action else 0.0
        tell(f"The model's endpoint is busy or away; trying again in {pause:.0f} s.")

    def is_over(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        most = MOST_BAD_RESPONSES if isinstance(error, ModelBadResponseError) else MOST_TRIES
        if state.attempt_number >= most:
            return True
        wanted = error.retry_after_s if isinstance(error, ModelRateLimitedError) else None
        return (state.seconds_since_start or 0.0) + (wanted or 0.0) >= budget_s

    async def attempt() -> Result:
        return await call()

    retrying = AsyncRetrying(
        retry=retry_if_exception(is_passing),
        stop=is_over,
        wait=wait_s,
        before_sleep=announce,
        reraise=True,
    )
    return await retrying(attempt)


def is_passing(error: BaseException) -> bool:
    """Whether the same call may well succeed in a moment."""
    if isinstance(error, ModelBadResponseError):
        return error.kind in _AGAIN
    return isinstance(error, ModelUnavailableError | ModelRateLimitedError)


class Breaker:
    """Spares callers the wait for an endpoint that is away: after some failures in a row it answers in its place.

    Open after five calls without connection, or two that ran out of time, for a minute; then one call is let through.

    Args:
        now: seconds, never going back.
    """

    def __init__(self, now: Callable[[], float], cool_s: float = COOL_S) -> None:
        self._now, self._cool_s = now, cool_s
        self._lock = Lock()
        self._unavailable = self._timeouts = 0
        self._opened: float | None = None

    def check(self, where: str) -> None:
        """Raises `ModelUnavailableError` while it is open."""
        with self._lock:
            if self._opened is None:
                return
            left = self._opened + self._cool_s - self._now()
            if left <= 0:
                self._opened = self._now()  # others wait for what this call finds
                return
        what = "The endpoint failed several times in a row and is left alone for a while."
        raise ModelUnavailableError(what, where=where, next_step=f"It is tried again in {left:.0f} s.")

    def note(self, error: ModelError | None) -> None:
        """What a call came to; None for a reply."""
        with self._lock:
            if not isinstance(error, ModelUnavailableError | ModelTimeoutError):
                self._unavailable = self._timeouts = 0
                self._opened = None
                return
            self._unavailable += isinstance(error, ModelUnavailableError)
            self._timeouts += isinstance(error, ModelTimeoutError)
            if self._unavailable >= UNAVAILABLE_TO_OPEN or self._timeouts >= TIMEOUTS_TO_OPEN:
                self._opened = self._now()
