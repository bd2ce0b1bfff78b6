"""Measuring a command as a whole process: CPU seconds and peak memory from the kernel's own accounting."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """CPU seconds (user + system, children included) and peak resident memory in MB (largest single process)."""

    cpu_s: float
    peak_mb: float


class Row(NamedTuple):
    """One line of the table: what was measured, the figure, its target, and whether it holds."""

    what: str
    figure: str
    target: str
    holds: bool


def measure_command(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and return its cost.

    Raises:
        RuntimeError: it ended with another status than 0.
    """
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=nowhere, stderr=nowhere, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median_cost(command: Sequence[str], runs: int = 5, prepare: Callable[[], Mapping[str, str]] = dict) -> Cost:
    """Median cost over `runs` runs after one that is not counted; `prepare` gives each run its environment."""
    costs = [measure_command(command, prepare()) for _ in range(runs + 1)][1:]
    return Cost(statistics.median(cost.cpu_s for cost in costs), max(cost.peak_mb for cost in costs))


def interviewer(*arguments: str) -> list[str]:
    """The command line of the program in this environment."""
    return [sys.executable, "-m", "interviewer", *arguments]


def p95(values: Sequence[float]) -> float:
    """95th percentile, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def print_table(title: str, rows: Sequence[Row]) -> None:
    """A Markdown table, as `benchmarks/README.md` keeps it."""
    print(f"\n## {title}\n\n| what | figure | target | holds |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.figure} | {row.target} | {'yes' if row.holds else 'no'} |")
