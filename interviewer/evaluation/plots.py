"""Plots of runs as geometry, in the units of their SVG."""

from collections.abc import Sequence

from interviewer.evaluation.record import RunRecord
from interviewer.noun import Noun

WIDTH = 640.0
_LEFT, _RIGHT, _ROW, _TOP = 120.0, 60.0, 22.0, 6.0
_HISTORY = 160.0
COLOURS = ("#2b6cb0", "#b7791f", "#2f855a")


class Bar(Noun):
    """A bar of one scenario: its end in x, where its label stands, and where the baseline has it (None without one)."""

    name: str
    y: float
    x: float
    value: float
    before: float | None


class Bars(Noun):
    """Bars of one measure by scenario."""

    measure: str
    height: float
    left: float
    bars: tuple[Bar, ...]


class Curve(Noun):
    """A measure over the runs: `points` as SVG wants them, `last` its latest value."""

    measure: str
    colour: str
    points: str
    last: float


class History(Noun):
    """Curves over runs, oldest at the left; `names` are the first and the last run."""

    height: float
    curves: tuple[Curve, ...]
    names: tuple[str, ...]


class Cell(Noun):
    """A count in the fault matrix; `share` of its row in [0, 1]."""

    count: int
    share: float
    right: bool


class Grid(Noun):
    """The fault matrix: rows are what was put in, columns what was blamed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def draw_bars(record: RunRecord, before: RunRecord | None, measure: str) -> Bars:
    """One bar per scenario (and one for the preamble) that the measure applies to."""
    clusters: dict[str, list[str]] = {}
    for query, asked in record.asked.items():
        clusters.setdefault(asked.cluster, []).append(query)
    bars: list[Bar] = []
    for name in sorted(clusters):
        value = record.mean(measure, clusters[name])
        if value is None:
            continue
        old = before.mean(measure, clusters[name]) if before else None
        y = _TOP + _ROW * len(bars)
        bars.append(Bar(name=name, y=y, x=x_of(value), value=value, before=None if old is None else x_of(old)))
    return Bars(measure=measure, height=2 * _TOP + _ROW * len(bars), left=_LEFT, bars=tuple(bars))


def x_of(value: float) -> float:
    """The x of a value in [0, 1]."""
    return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * value, 1)


def draw_history(records: Sequence[RunRecord], measures: Sequence[str]) -> History:
    """A curve per measure over the runs that have it."""
    curves = []
    for measure, colour in zip(measures, COLOURS, strict=False):
        found = [(place, mean) for place, one in enumerate(records) if (mean := one.mean(measure)) is not None]
        if found:
            points = " ".join(f"{_across(place, len(records))},{_up(mean)}" for place, mean in found)
            curves.append(Curve(measure=measure, colour=colour, points=points, last=found[-1][1]))
    names = (records[0].id, records[-1].id) if records else ()
    return History(height=_HISTORY, curves=tuple(curves), names=names)


def _across(place: int, count: int) -> float:
    return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (place / (count - 1) if count > 1 else 1.0), 1)


def _up(value: float) -> float:
    return round(_TOP + (_HISTORY - 2 * _TOP) * (1 - value), 1)


def draw_grid(confusion: dict[str, dict[str, int]]) -> Grid:
    """The fault matrix as a table; a cell is right where exactly what was put in was blamed."""
    columns = tuple(sorted({name for row in confusion.values() for name in row}, key=lambda one: (one.count("+"), one)))
    rows = []
    for put, row in sorted(confusion.items(), key=lambda pair: (pair[0].count("+"), pair[0])):
        total = sum(row.values())
        wanted = "nobody" if put in ("nothing", "innocent only") else put
        cells = tuple(
            Cell(count=row.get(name, 0), share=row.get(name, 0) / total, right=name == wanted) for name in columns
        )
        rows.append((put, cells))
    return Grid(columns=columns, rows=tuple(rows))
