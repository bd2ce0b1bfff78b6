"""`interviewer grade`: saved transcripts, one or a thousand."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


Engine = Literal["auto", "offline", "llm"]


class Level(StrEnum):
    """What the candidate is measured against."""

    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


@app.command()
def grade(
    paths: list[Path] = typer.Argument(help="Transcripts, or folders of them: .json .jsonl .txt .md .vtt .srt"),
    out: Path = typer.Option(..., "--out", "-o", help="Folder for the reports; made when it is missing."),
    level: Level | None = typer.Option(None, help="What to expect: mid, senior or staff. [default: as set]"),
    scenario: int | None = typer.Option(None, min=1, help="Scenario of the transcripts that name none."),
    candidate: str = typer.Option("", help="Name of the speaker who is the candidate, where files give names only."),
    engine: Engine | None = typer.Option(None, help="Who judges: the model, the embedded judge, or as set."),
    passes: int = typer.Option(1, min=1, max=9, help="How often the model judges; the median counts."),
    concurrency: int = typer.Option(4, min=1, max=64, help="Calls to the model at a time."),
    max_cost: float | None = typer.Option(
        None, min=0, help="Stop before the model costs more (USD); needs its prices."
    ),
    max_calls: int | None = typer.Option(None, min=0, help="Stop before more calls to the model."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Grade transcripts: a scorecard as JSON, Markdown and HTML each, a table (CSV) and an overview (HTML) of all.

    A file that cannot be graded is reported, and the rest goes on; exit code 1 then says so.
    """
    from interviewer.batch.local import Order, grade_batch, read_batch
    from interviewer.grading.meter import JudgeTerms
    from interviewer.settings import read_settings
    from interviewer.wiring import open_grader, open_meter

    settings = read_settings()
    settings = settings.model_copy(update={"engine": engine or settings.engine})
    asked = JudgeTerms(passes, concurrency, max_cost, max_calls)
    meter = open_meter(settings, asked)
    grader = open_grader(settings, meter.judge if meter else None)
    ask = _ask_scenario if sys.stdin.isatty() and sys.stderr.isatty() and not as_json else None
    terms = Order(
        paths=paths,
        out=out,
        grade=level.value if level else settings.level,
        scenario=scenario,
        candidate=candidate,
        ask=ask,
        workers=asked.transcripts if meter else 1,
    )
    if meter:
        typer.echo(meter.estimate(read_batch(terms, grader)), err=True)
    with _progress(hidden=ask is not None and scenario is None) as tell:
        rows = grade_batch(terms, grader, tell)
    if meter:
        typer.echo(meter.spent(), err=True)
    failed = [row for row in rows if row.kind == "failed"]
    if as_json:
        graded = [row.model_dump() for row in rows if row.kind == "graded"]
        body = {"out": str(out), "graded": graded, "failed": [row.model_dump() for row in failed]}
        typer.echo(json.dumps(body, indent=1, ensure_ascii=False))
    else:
        _show(rows, out)
    if failed:
        raise typer.Exit(1)


def _show(rows: Any, out: Path) -> None:
    from interviewer.cli.terminal import without_controls

    for row in rows:
        if row.kind == "failed":
            typer.echo(without_controls(f"error: {row.path}: {row.what} {row.next_step}".rstrip()), err=True)
            continue
        overall = "-" if row.overall is None else f"{row.overall:.1f}"
        spread = "" if row.low == row.high else f" ({row.low:.1f} to {row.high:.1f})"
        who = ", ".join(f"{name}: {role}" for name, role in row.roles.items())
        counts = f"{row.met} met, {row.partial} partly, {row.unsure} unsure"
        typer.echo(without_controls(f"{row.id}  scenario {row.scenario}  overall {overall}{spread}  {counts}  [{who}]"))
        for warning in row.warnings:
            typer.echo(without_controls(f"  note: {warning}"))
    graded = sum(row.kind == "graded" for row in rows)
    typer.echo(f"{graded} graded, {len(rows) - graded} not. Overview: {out / 'index.html'}")


def _ask_scenario(transcript: Any) -> int | None:
    """Ask on the terminal which drill a transcript is about; empty leaves it out."""
    typer.echo(f"{transcript.source} does not say which scenario it is about.", err=True)
    answer = typer.prompt("Scenario number (empty skips it)", default="", show_default=False, err=True)
    return int(answer) if answer.strip().isdigit() else None


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Any]:
    """A bar on stderr; none where a question may come in between, or stderr is no terminal."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=hidden or not sys.stderr.isatty()) as bar:
        task = bar.add_task("Grading", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name or "Done")
