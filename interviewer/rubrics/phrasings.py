"""How well each criterion is covered by phrasings: counts, and what stands in two places."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from interviewer.rubric import Criterion
from interviewer.rubrics.fault import Fault
from interviewer.rubrics.read import read_rubrics, scenario_file
from interviewer.rubrics.words import words

FEWEST_ACCEPTED = 8
FEWEST_NEAR_MISSES = 5


def find_phrasing_faults(folder: Path) -> tuple[Fault, ...]:
    """Faults of the scenarios' phrasings; criteria that all scenarios share are judged by cues and need none.

    Raises:
        RubricError: a file cannot be read; plain `lint` says why.
    """
    found: list[Fault] = []
    for number, rubric in sorted(read_rubrics(folder).items()):
        found += _scenario_faults(str(folder / scenario_file(number)), rubric.scenario.criteria)
    return tuple(found)


def _scenario_faults(file: str, criteria: Sequence[Criterion]) -> Iterator[Fault]:
    owners: dict[tuple[str, ...], str] = {}
    for place, one in enumerate(criteria):
        field = f"criteria[{place}]"
        yield from _count_faults(file, field, one)
        for number, text in enumerate(one.accepted):
            earlier = owners.setdefault(tuple(words(text)), one.bullet)
            if earlier != one.bullet:
                yield Fault(
                    kind="doubled_phrasing",
                    file=file,
                    field=f"{field}.accepted[{number}]",
                    bullet=one.bullet,
                    what=f"counts for {earlier} already.",
                    next_step="Say what sets the two apart.",
                )


def _count_faults(file: str, field: str, one: Criterion) -> Iterator[Fault]:
    if len(one.accepted) < FEWEST_ACCEPTED:
        what = f"has {len(one.accepted)} phrasings that count."
        step = f"Write {FEWEST_ACCEPTED} or more."
        yield Fault(
            kind="bad_value", file=file, field=f"{field}.accepted", bullet=one.bullet, what=what, next_step=step
        )
    if len(one.near_misses) < FEWEST_NEAR_MISSES:
        what = f"has {len(one.near_misses)} near misses."
        step = f"Write {FEWEST_NEAR_MISSES} or more."
        yield Fault(
            kind="bad_value",
            file=file,
            field=f"{field}.near_misses",
            bullet=one.bullet,
            what=what,
            next_step=step,
        )
    if not one.partial.strip():
        what, step = "does not say what counts as partial.", "Write one line."
        yield Fault(
            kind="empty_text", file=file, field=f"{field}.partial", bullet=one.bullet, what=what, next_step=step
        )
