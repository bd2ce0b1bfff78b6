"""`python3 run.py bench [SUITE ...]`: measures, prints tables, exits with 1 where a target is missed."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable

from benchmarks.commands import build_row, find_row, grading_rows, help_row
from benchmarks.measure import Row, print_table


def commands() -> list[Row]:
    with tempfile.TemporaryDirectory() as data_dir:
        return [help_row(), find_row(data_dir), build_row(), *grading_rows(data_dir)]


def turns() -> list[Row]:
    from benchmarks.turns import coverage_row, turn_row

    with tempfile.TemporaryDirectory() as data_dir:
        return [coverage_row(), turn_row(data_dir)]


def pages() -> list[Row]:
    from benchmarks.pages import page_row

    return [page_row()]


def judging() -> list[Row]:
    from benchmarks.judging import judging_row

    with tempfile.TemporaryDirectory() as data_dir:
        return [judging_row(data_dir)]


def modelled() -> list[Row]:
    from benchmarks.modelled import modelled_rows

    with tempfile.TemporaryDirectory() as data_dir:
        return modelled_rows(data_dir)


def evals() -> list[Row]:
    from benchmarks.evals import eval_rows

    return eval_rows()


SUITES: dict[str, Callable[[], list[Row]]] = {
    "commands": commands,
    "turns": turns,
    "pages": pages,
    "judging": judging,
    "modelled": modelled,
    "evals": evals,
}


def main(chosen: list[str]) -> int:
    unknown = sorted(set(chosen) - set(SUITES))
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(SUITES)}.", file=sys.stderr)
        return 2
    # one thread per process: CPU seconds of a pool that spins say nothing about the work
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = [row for name in chosen or SUITES for row in SUITES[name]()]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print_table(f"Speed and memory ({machine})", rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
