"""The level chart as geometry: where each bar, range and mark stands, in the units of its SVG."""

from collections.abc import Sequence

from interviewer.grading.scorecard import CompetencyResult
from interviewer.noun import Noun

_WIDTH = 400.0
_LEFT = 8.0
_STEP = (_WIDTH - 2 * _LEFT) / 5
_ROW = 46.0
_TOP = 8.0


class ChartRow(Noun):
    """One competency: `bar` is the x where the bar ends; None where there is nothing to draw."""

    title: str
    note: str
    y: float
    bar: float | None
    low: float | None
    high: float | None
    expected: float
    self_rating: float | None


class Chart(Noun):
    """A level chart: `ticks` are (x, level) of the grid."""

    width: float
    height: float
    left: float
    bottom: float
    ticks: tuple[tuple[float, int], ...]
    rows: tuple[ChartRow, ...]


def draw_chart(competencies: Sequence[CompetencyResult]) -> Chart:
    """Bars of levels 1-5, one row per competency, from the top in the order given."""
    bottom = _TOP + _ROW * len(competencies)
    rows = tuple(_row(one, _TOP + _ROW * place) for place, one in enumerate(competencies))
    ticks = tuple((x_of(level), level) for level in range(1, 6))
    return Chart(width=_WIDTH, height=bottom + 22, left=_LEFT, bottom=bottom, ticks=ticks, rows=rows)


def x_of(level: float) -> float:
    """The x of a level: 0 stands at the left edge, 5 at the right."""
    return round(_LEFT + _STEP * level, 1)


def _row(one: CompetencyResult, y: float) -> ChartRow:
    spread = one.low is not None and one.high is not None and one.low != one.high
    return ChartRow(
        title=one.title,
        note="not assessed" if one.level is None else f"{one.level} of 5",
        y=y,
        bar=None if one.level is None else x_of(one.level),
        low=x_of(one.low) if spread and one.low is not None else None,
        high=x_of(one.high) if spread and one.high is not None else None,
        expected=x_of(one.expected),
        self_rating=None if one.self_rating is None else x_of(one.self_rating),
    )
