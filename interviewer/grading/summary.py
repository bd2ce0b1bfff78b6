"""What a batch says about each transcript in one row, and the table of rows as CSV."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

from interviewer.grading.scorecard import Scorecard
from interviewer.noun import Noun
from interviewer.rubric import CompetencyId

# What a spreadsheet takes for a formula (OWASP, CSV injection), and what could hide one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Graded(Noun):
    """A graded transcript; levels in 1-5, None where not assessed. `paths` maps json, md, html to file names."""

    kind: Literal["graded"] = "graded"
    id: str
    source: str
    scenario: int
    title: str
    overall: float | None
    low: float | None
    high: float | None
    competencies: dict[CompetencyId, int | None]
    titles: dict[CompetencyId, str]
    met: int
    partial: int
    not_met: int
    ungraded: int
    unsure: int
    flags: int
    roles: dict[str, str]
    warnings: tuple[str, ...]
    paths: dict[str, str]


class Failed(Noun):
    """Something that could not be graded, why, and what helps (may be empty)."""

    kind: Literal["failed"] = "failed"
    path: str
    what: str
    next_step: str = ""


Row = Graded | Failed


def summarise(scorecard: Scorecard, paths: dict[str, str]) -> Graded:
    """The row of one scorecard; `paths` says where its files are."""
    return Graded(
        id=scorecard.transcript,
        source=scorecard.source,
        scenario=scorecard.scenario,
        title=scorecard.title,
        overall=scorecard.overall,
        low=scorecard.low,
        high=scorecard.high,
        competencies={one.id: one.level for one in scorecard.competencies},
        titles={one.id: one.title for one in scorecard.competencies},
        met=scorecard.met,
        partial=scorecard.partial,
        not_met=scorecard.not_met,
        ungraded=scorecard.ungraded,
        unsure=scorecard.unsure,
        flags=len(scorecard.flags),
        roles=scorecard.roles,
        warnings=scorecard.warnings,
        paths=paths,
    )


def titles_of(rows: Sequence[Row]) -> dict[CompetencyId, str]:
    """Competency -> title over all rows, in the order in which they come."""
    return {name: title for row in rows if isinstance(row, Graded) for name, title in row.titles.items()}


def render_csv(rows: Sequence[Row]) -> str:
    """All rows as CSV with a head line, every cell quoted; no cell can act as a formula."""
    names = list(titles_of(rows))
    head = ["id", "source", "status", "scenario", "overall", "low", "high", *names]
    head += ["met", "partial", "not_met", "ungraded", "unsure", "flags", "roles", "warnings", "report"]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in _values(row, names)])
    return text.getvalue()


def _values(row: Row, names: Sequence[CompetencyId]) -> list[object]:
    if isinstance(row, Failed):
        blanks = [None] * (len(names) + 11)
        return ["", row.path, "failed", *blanks, f"{row.what} {row.next_step}".strip(), None]
    levels = [row.competencies.get(name) for name in names]
    counts = [row.met, row.partial, row.not_met, row.ungraded, row.unsure, row.flags]
    roles = "; ".join(f"{name} = {role}" for name, role in row.roles.items())
    numbers = [row.scenario, row.overall, row.low, row.high, *levels, *counts]
    return [row.id, row.source, "graded", *numbers, roles, " ".join(row.warnings), row.paths.get("html")]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
