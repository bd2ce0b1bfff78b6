"""A run as one HTML page without anything to fetch: figures, what changed, plots, the checklist of scenario 12."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from interviewer.evaluation.checklist import Item, fill_checklist
from interviewer.evaluation.gates import Gates, compare
from interviewer.evaluation.matrix import Matrix, confusion
from interviewer.evaluation.plots import WIDTH, draw_bars, draw_grid, draw_history
from interviewer.evaluation.record import RunRecord
from interviewer.scenario import DrillDocument

_TEMPLATES = Path(__file__).with_name("templates")
BARS = ("hit@5", "ndcg@10", "right_scenario")
HISTORY = ("hit@5", "ndcg@10", "live")


class Material(NamedTuple):
    """What a page is made of. `before` and `matrix` are None where there is no baseline, and no drill was run."""

    record: RunRecord
    before: RunRecord | None
    history: Sequence[RunRecord]
    matrix: Matrix | None
    items: tuple[Item, ...]
    document: DrillDocument
    gates: Gates


def render_report(material: Material) -> str:
    """The page."""
    record, before, matrix = material.record, material.before, material.matrix
    return (
        _environment()
        .get_template("run.html")
        .render(
            record=record,
            before=before,
            result=compare(material.gates, before, record) if before else None,
            changes=before.manifest.changes(record.manifest) if before else (),
            means=[
                (name, record.mean(name), before.mean(name) if before else None) for name in sorted(record.measures)
            ],
            bars=[draw_bars(record, before, name) for name in BARS],
            history=draw_history(material.history, HISTORY),
            summary=matrix.summary if matrix else None,
            grid=draw_grid(confusion(matrix.cases)) if matrix else None,
            checklist=list(fill_checklist(material.items, material.document, record)),
            width=WIDTH,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
