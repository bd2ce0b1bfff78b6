"""`interviewer rubric`: check rubric files, and show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interviewer.errors import NotFoundError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from interviewer.grading.outscored import Outscored
    from interviewer.rubric import Competency, Criterion, Rubric, SharedRubric
    from interviewer.rubrics.fault import Fault
    from interviewer.scenario import DrillDocument

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

_FOLDER = typer.Option(None, "--folder", help="A rubric folder; without it the one that is set, else the shipped one.")
_JSON = typer.Option(False, "--json", help="Print JSON.")


@app.command()
def lint(
    folder: Path | None = _FOLDER,
    phrasings: bool = typer.Option(
        False, "--phrasings", help="Also count phrasings, and let the judge compare near misses with what counts."
    ),
    as_json: bool = _JSON,
) -> None:
    """Report every fault of the rubric files at once, each with file and field.

    Exit code 0 when there is none, 1 when there are faults. Near misses that the judge likes better than phrasings that
    count are told, and are no faults.
    """
    from interviewer.rubrics.lint import lint_rubrics
    from interviewer.rubrics.phrasings import find_phrasing_faults
    from interviewer.settings import read_settings
    from interviewer.wiring import find_outscored_phrasings, find_rubric_folder, open_document

    settings = read_settings()
    document, checked = open_document(settings), folder or find_rubric_folder(settings)
    faults = lint_rubrics(checked, document)
    outscored: Sequence[Outscored] = ()
    if phrasings and not faults:
        faults, outscored = find_phrasing_faults(checked), find_outscored_phrasings(settings, checked)
    if as_json:
        rows = [fault.model_dump() for fault in faults]
        report = {"folder": str(checked), "clean": not faults, "faults": rows}
        told = {"outscored": [one.model_dump() for one in outscored]} if phrasings else {}
        typer.echo(json.dumps(report | told, indent=1))
    else:
        _tell_outscored(outscored)
        _tell_faults(faults) if faults else _tell_clean(checked, document)
    if faults:
        raise typer.Exit(1)


@app.command()
def show(
    which: str = typer.Argument(metavar="N|shared", help="Number of a scenario, or `shared`."),
    folder: Path | None = _FOLDER,
    phrasings: bool = typer.Option(False, "--phrasings", help="Also show phrasings that count, and near misses."),
    as_json: bool = _JSON,
) -> None:
    """Show the rubric of scenario N, or what all scenarios share: competencies, levels in words, criteria, probes."""
    from interviewer.rubrics.read import read_rubric, read_shared
    from interviewer.settings import read_settings
    from interviewer.wiring import find_rubric_folder, open_document

    settings = read_settings()
    place = folder or find_rubric_folder(settings)
    if which == "shared":
        shared = read_shared(place)
        _show(shared.model_dump_json(indent=1), as_json, lambda: _shared_page(shared, phrasings))
        return
    document = open_document(settings)
    rubric = read_rubric(_known(which, document), place)
    _show(rubric.model_dump_json(indent=1), as_json, lambda: _scenario_page(rubric, document, phrasings))


def _known(which: str, document: DrillDocument) -> int:
    """The scenario number that was typed.

    Raises:
        NotFoundError: the drill document has no such scenario.
    """
    numbers = [scenario.number for scenario in document.scenarios]
    if which.isdecimal() and int(which) in numbers:
        return int(which)
    known = ", ".join(str(number) for number in numbers)
    raise NotFoundError(f"There is no rubric “{which}”.", next_step=f"Give `shared` or one of {known}.")


def _tell_faults(faults: Sequence[Fault]) -> None:
    from interviewer.cli.terminal import without_controls

    for fault in faults:
        typer.echo(without_controls(str(fault)))
    files = len({fault.file for fault in faults})
    typer.echo(f"\n{_count(len(faults), 'fault')} in {_count(files, 'file')}.")


def _tell_outscored(outscored: Sequence[Outscored]) -> None:
    from interviewer.cli.terminal import without_controls

    for one in outscored:
        typer.echo(f"warning: {one.criterion}: the near miss “{without_controls(one.near_miss)}” ({one.score:.2f})")
        typer.echo(f"    outscores “{without_controls(one.beaten)}” ({one.beaten_score:.2f}), which counts.")
    if outscored:
        typer.echo(f"\n{_count(len(outscored), 'near miss', 'near misses')} that the judge takes for the real thing.")


def _tell_clean(folder: Path, document: DrillDocument) -> None:
    from interviewer.rubrics.read import read_rubrics

    rubrics = read_rubrics(folder)
    own = sum(len(rubric.scenario.criteria) for rubric in rubrics.values())
    shared = max((len(rubric.shared.criteria) for rubric in rubrics.values()), default=0)
    typer.echo(
        f"{folder}: no faults. {_count(own, 'criterion', 'criteria')} for {_count(len(document.scenarios), 'scenario')}"
        f" and {shared} shared ones; every answer bullet has its own."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _show(as_data: str, as_json: bool, build_page: Callable[[], list[RenderableType]]) -> None:
    if as_json:
        typer.echo(as_data)
        return
    from rich.console import Console

    console = Console(highlight=False)
    for part in build_page():
        console.print(part)


def _scenario_page(rubric: Rubric, document: DrillDocument, phrasings: bool) -> list[RenderableType]:
    from rich.text import Text

    scenario = document.scenario(rubric.scenario.scenario)
    title = f"Scenario {rubric.scenario.scenario}: {scenario.title if scenario else ''}"
    source = f"rubric {rubric.identity}, sha256 {rubric.sha256[:12]}"
    page: list[RenderableType] = [Text(title, "bold"), Text(source, "dim")]
    for competency in rubric.shared.competencies:
        criteria = [one for one in rubric.scenario.criteria if one.competency == competency.id]
        page += _competency(competency, criteria, phrasings) if criteria else []
    shared = f"And {len(rubric.shared.criteria)} criteria that all scenarios share: `interviewer rubric show shared`."
    return [*page, Text(f"\n{shared}", "dim")]


def _shared_page(shared: SharedRubric, phrasings: bool) -> list[RenderableType]:
    from rich.text import Text

    page: list[RenderableType] = [Text("What all scenarios share", "bold")]
    page += [Text(f"rubric shared@{shared.rubric_version}", "dim"), *_scales(shared)]
    for competency in shared.competencies:
        criteria = [one for one in shared.criteria if one.competency == competency.id]
        page += _competency(competency, criteria, phrasings)
    return page


def _scales(shared: SharedRubric) -> list[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    steps = [f"level {name[-1]} from {value:.0%}" for name, value in shared.thresholds.model_dump().items()]
    caps = [f"{name} {value:g}" for name, value in shared.hint_caps.model_dump().items()]
    table = Table("", *(f"{grade}" for grade in shared.expectations), box=None, padding=(0, 2))
    for competency in shared.competencies:
        levels = (str(getattr(expected, competency.id)) for expected in shared.expectations.values())
        table.add_row(Text(f"expected in {competency.title.lower()}"), *levels)
    credit = f"Credit: met {shared.credits.met:g}, partial {shared.credits.partial:g}; {', '.join(steps)} of it."
    return [Text(f"\n{credit}"), Text(f"Most credit after a hint: {', '.join(caps)}.\n"), table]


def _competency(competency: Competency, criteria: Sequence[Criterion], phrasings: bool) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from interviewer.cli.terminal import without_controls

    anchors = Table.grid(padding=(0, 2, 0, 0))
    for name, said in competency.anchors.model_dump().items():
        anchors.add_row(Text(name[-1], "bold cyan"), Text(without_controls(said), "dim"))
    heading = Text(f"\n{without_controls(competency.title)}", "bold cyan")
    about = Text(f"{without_controls(competency.description)} (weight {competency.weight:g})")
    shown = [Padding(_criterion(criterion, phrasings), (1, 0, 0, 2)) for criterion in criteria]
    return [heading, about, Padding(anchors, (0, 0, 0, 2)), *shown]


def _criterion(criterion: Criterion, phrasings: bool) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from interviewer.cli.terminal import without_controls

    rows = [("probe", criterion.probe), ("partial", criterion.partial)]
    if phrasings:
        rows += [("counts", text) for text in criterion.accepted]
        rows += [("does not", text) for text in criterion.near_misses]
    weight = "" if criterion.weight == 1.0 else f"  weight {criterion.weight:g}"
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(Text(criterion.bullet + weight, "bold"), Text(without_controls(criterion.statement)))
    for name, text in rows:
        if text:
            table.add_row(Text(name, "dim", justify="right"), Text(without_controls(text)))
    return table
