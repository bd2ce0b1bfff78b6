"""Time that counts: only while the interview runs, whatever the machine's clock does."""

from collections.abc import Sequence
from itertools import pairwise

from interviewer.interview.events import Event

LONGEST_GAP_S = 900.0
"""A silence counts as a quarter of an hour at most: who walks off or closes the lid does not lose the interview."""


def counted_s(before: Event, at: float) -> float:
    """Seconds that count between an event and a moment after it; 0 while paused or when the clock jumped back."""
    return 0.0 if before.kind == "paused" else min(max(at - before.at, 0.0), LONGEST_GAP_S)


def elapsed_s(events: Sequence[Event]) -> float:
    """Seconds that count up to the last event. A gap that ends in `resumed` is no time: the program was not there.

    Verdicts may come late, even in a pause, and stop no clock.
    """
    timed = [event for event in events if event.kind != "scored"]
    return sum(counted_s(one, other.at) for one, other in pairwise(timed) if other.kind != "resumed")
