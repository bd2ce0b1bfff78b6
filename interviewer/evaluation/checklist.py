"""Scenario 12 as a checklist: each line of the drill beside the figure or the command that does it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from interviewer.errors import QuerySetError
from interviewer.evaluation.record import RunRecord
from interviewer.noun import Noun
from interviewer.scenario import DrillDocument


class Item(Noun):
    """A bullet of the drill, the command that does it, and the measure, check or component that shows it in a run."""

    bullet: str
    command: str
    figure: str = ""
    component: str = ""


class Line(Noun):
    """A line of the checklist, ready to show; `shown` is what the run says about it."""

    bullet: str
    section: str
    text: str
    command: str
    shown: str


def read_items(path: Path) -> tuple[Item, ...]:
    """The items of `evals/scenario12.toml`.

    Raises:
        QuerySetError: the file cannot be read or has not the form.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["items"]
        return tuple(Item.model_validate(row) for row in rows)
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise QuerySetError(f"is no checklist ({error}).", where=str(path)) from None


def fill_checklist(items: tuple[Item, ...], document: DrillDocument, record: RunRecord) -> Iterator[Line]:
    """A line per item whose bullet the document has."""
    bullets = {one.id: one for one in document.bullets}
    for item in items:
        bullet = bullets.get(item.bullet)
        if bullet is not None:
            yield Line(
                bullet=item.bullet,
                section=bullet.section,
                text=bullet.text,
                command=item.command,
                shown=_shown(item, record),
            )


def _shown(item: Item, record: RunRecord) -> str:
    if item.component:
        return f"{item.component} {record.manifest.component(item.component).digest}"
    guards = {guard.name: guard.fault or "holds" for guard in record.guards}
    if item.figure in guards:
        return f"{item.figure}: {guards[item.figure]}"
    mean = record.mean(item.figure) if item.figure else None
    return "" if mean is None else f"{item.figure} {mean:.3f}"
