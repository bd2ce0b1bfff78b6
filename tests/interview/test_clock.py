"""Time counts while the interview runs, and only then."""

from hypothesis import given
from hypothesis import strategies as st

from interviewer.interview.clock import LONGEST_GAP_S, elapsed_s
from interviewer.interview.events import CandidateSaid, Event, Paused, Resumed


def happening(kind: str, at: float) -> Event:
    if kind == "paused":
        return Paused(at=at)
    return Resumed(at=at) if kind == "resumed" else CandidateSaid(at=at, key=str(at), text="x")


def clocked(*steps: tuple[str, float]) -> float:
    return elapsed_s([happening(kind, at) for kind, at in steps])


def test_silence_between_turns_counts() -> None:
    assert clocked(("said", 100), ("said", 160), ("said", 190)) == 90


def test_a_pause_does_not_count() -> None:
    assert clocked(("said", 0), ("paused", 10), ("resumed", 5000), ("said", 5030)) == 40


def test_time_between_a_crash_and_taking_it_up_again_does_not_count() -> None:
    assert clocked(("said", 0), ("said", 10), ("resumed", 9000), ("said", 9005)) == 15


def test_a_clock_that_jumps_back_takes_nothing_away() -> None:
    assert clocked(("said", 1000), ("said", 1010), ("said", 20), ("said", 50)) == 40


def test_who_walks_off_loses_a_quarter_of_an_hour_at_most() -> None:
    assert clocked(("said", 0), ("said", 80_000)) == LONGEST_GAP_S


@given(st.lists(st.tuples(st.sampled_from(["said", "paused", "resumed"]), st.floats(0, 1e9)), min_size=1, max_size=30))
def test_time_never_runs_backwards(steps: list[tuple[str, float]]) -> None:
    events = [happening(kind, at) for kind, at in steps]
    times = [elapsed_s(events[:length]) for length in range(1, len(events) + 1)]
    assert times == sorted(times)
    assert times[0] == 0
