"""The page of a run: everything on it, nothing to fetch, and scenario 12 line by line."""

import re
from html.parser import HTMLParser

import pytest

from interviewer.drills.read import read_drills
from interviewer.errors import QuerySetError
from interviewer.evaluation.checklist import fill_checklist, read_items
from interviewer.evaluation.gates import read_gates
from interviewer.evaluation.matrix import Case, Injected, Matrix, summarise
from interviewer.evaluation.plots import draw_bars, draw_grid, draw_history, x_of
from interviewer.evaluation.record import Guard
from interviewer.evaluation.report import Material, render_report
from interviewer.scenario import SectionKind
from interviewer.shipped import shipped_path
from tests.evaluation.records import record, spread_over

DOCUMENT = read_drills(shipped_path("corpus/mlops_drills.txt"))
ITEMS = read_items(shipped_path("evals/scenario12.toml"))
GATES = read_gates(shipped_path("evals/gates.toml"))
FRESH = Guard(name="freshness", component="index")
GOOD = record(spread_over(12, 3, "hit@5", 1.0), name="good", guards=(FRESH,))
NOW = record(spread_over(12, 3, "hit@5", 0.5), name="<now>", guards=(FRESH,), prompt="<b>shorter</b>")


def case(number: int, put: str, *blamed: str) -> Case:
    injected = (Injected(fault=put, component=put, innocent=False, values={}, size=2.0),) if put else ()
    return Case(
        number=number,
        injected=injected,
        verdict="FAIL" if blamed else "PASS",
        detected=bool(blamed),
        blamed=blamed,
        right=blamed == ((put,) if put else ()),
        innocent_blamed=False,
        below_detectable=False,
        said="",
    )


CASES = (case(1, "prompt", "prompt"), case(2, "prompt", "model"), case(3, ""))
MATRIX = Matrix(summary=summarise(CASES), cases=CASES, detectable={}, seed=1)


class Tags(HTMLParser):
    """Opened and closed tags in order, and what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing() -> None:
    page = render_report(Material(NOW, GOOD, [GOOD, NOW], MATRIX, ITEMS, DOCUMENT, GATES))
    tags = Tags()
    tags.feed(page)
    assert (tags.open, tags.fetched) == ([], [])
    assert "<b>shorter" not in page
    assert "&lt;b&gt;shorter" in page
    assert '<strong class="FAIL">FAIL' in page
    assert page.count("<svg") == 2  # one plot per measure that the runs have, and the history


def test_a_run_alone_has_a_page_too() -> None:
    page = render_report(Material(GOOD, None, [GOOD], None, ITEMS, DOCUMENT, GATES))
    assert "No baseline" in page
    assert "No drill was run yet" in page


def test_every_line_of_scenario_12_has_a_command() -> None:
    lines = {line.bullet: line for line in fill_checklist(ITEMS, DOCUMENT, GOOD)}
    scenario = DOCUMENT.scenario(12)
    assert scenario is not None
    wanted = [
        bullet.id
        for kind in (SectionKind.INSPECT, SectionKind.MITIGATE, SectionKind.PREVENT)
        for bullet in scenario.section(kind).bullets  # type: ignore[union-attr]
    ]
    assert list(lines) == wanted
    assert len(wanted) == 12
    assert lines["s12.inspect.1"].shown == "hit@5 1.000"
    assert lines["s12.inspect.2"].shown == "freshness: holds"
    assert re.fullmatch(r"prompt [0-9a-f]{16}", lines["s12.inspect.3"].shown)
    assert all(line.command.startswith("interviewer ") for line in lines.values())


def test_a_broken_checklist_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "list.toml"
    path.write_text("[[items]]\nbullet = 1\n")
    with pytest.raises(QuerySetError, match=r"list\.toml"):
        read_items(path)


def test_bars_stand_by_scenario_beside_the_baseline() -> None:
    bars = draw_bars(NOW, GOOD, "hit@5").bars
    assert [one.name for one in bars] == [f"s{number:02d}" for number in range(1, 13)]
    assert bars[0].x == x_of(0.5) < (bars[0].before or 0) == x_of(1.0)
    assert draw_bars(NOW, None, "nothing").bars == ()


def test_history_runs_from_left_to_right() -> None:
    curve = draw_history([GOOD, NOW], ("hit@5", "live")).curves[0]
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in curve.points.split())
    assert x1 < x2
    assert y1 < y2  # a fall: svg counts down
    assert draw_history([], ("hit@5",)).curves == ()


def test_the_grid_counts_what_was_blamed_for_what() -> None:
    grid = draw_grid({"prompt": {"prompt": 1, "model": 1}, "nothing": {"nobody": 2}})
    rows = dict(grid.rows)
    right = {name: cell for name, cell in zip(grid.columns, rows["prompt"], strict=True) if cell.right}
    assert list(right) == ["prompt"]
    assert right["prompt"].share == 0.5
    assert [cell.right for cell in rows["nothing"] if cell.count] == [True]


def test_the_summary_counts_only_what_could_be_detected() -> None:
    summary = MATRIX.summary
    assert (summary.runs, summary.faulty, summary.detected, summary.attributed) == (2, 2, 1.0, 0.5)
    assert (summary.no_change_runs, summary.false_alarms) == (1, 0)
