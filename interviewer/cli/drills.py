"""`interviewer drills`: a drill document as it was parsed."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from interviewer.scenario import DrillDocument, Scenario

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def drills(
    file: Annotated[Path | None, typer.Option(help="A drill document, if not the shipped or configured one.")] = None,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show the scenarios of a drill document: plain text, or Markdown with `## Scenario N: title` headings."""
    document = _open(file)
    if as_json:
        typer.echo(json.dumps(_as_json(document), indent=1))
        return
    from rich.console import Console

    console = Console()
    heading = _shown(f"{document.title or 'Drills'} ({document.path})")
    console.print(heading, style="bold", markup=False, highlight=False)
    console.print(_table(document))
    asked = sum(len(scenario.follow_ups) for scenario in document.scenarios)
    counts = f"{_many(len(document.scenarios), 'scenario')}, {_many(len(document.bullets), 'bullet')}"
    console.print(f"{counts}, {asked} of them follow-up questions. --json shows everything.", highlight=False)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _open(file: Path | None) -> "DrillDocument":
    if file is not None:
        from interviewer.drills.read import read_drills

        return read_drills(file)
    from interviewer.settings import read_settings
    from interviewer.wiring import open_document

    return open_document(read_settings())


def _as_json(document: "DrillDocument") -> dict[str, Any]:
    return {
        "scenarios": [
            {
                "number": scenario.number,
                "title": scenario.title,
                "prompt": scenario.prompt,
                "sections": _section_ids(scenario),
                "follow_ups": [bullet.text for bullet in scenario.follow_ups],
            }
            for scenario in document.scenarios
        ],
        "bullets": [
            bullet.model_dump(include={"id", "scenario", "section", "index", "text"}) for bullet in document.bullets
        ],
        "preamble": document.preamble.model_dump(),
    }


def _section_ids(scenario: "Scenario") -> dict[str, list[str]]:
    """Bullet ids by heading; two sections under one heading are taken together."""
    sections: dict[str, list[str]] = {}
    for section in scenario.sections:
        sections.setdefault(section.heading, []).extend(bullet.id for bullet in section.bullets)
    return sections


def _shown(text: str) -> str:
    """Text without control characters, which a foreign file could send to the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _table(document: "DrillDocument") -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("scenario", overflow="fold", ratio=1)
    table.add_column("bullets in its sections", overflow="fold", ratio=1)
    for scenario in document.scenarios:
        counts = Counter(bullet.kind.value for bullet in scenario.bullets)
        sections = ", ".join(f"{kind} {count}" for kind, count in counts.items())
        table.add_row(str(scenario.number), Text(_shown(scenario.title)), sections)
    return table
