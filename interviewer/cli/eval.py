"""`interviewer eval`: how good the retrieval is on a query set."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from interviewer.cli.eval_lint import lint


class Engine(StrEnum):
    """Who searches the vectors."""

    EXACT = "exact"
    CHROMA = "chroma"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Evaluate the retrieval on a query set."""


app.command()(lint)


@app.command()
def run(
    queries: Annotated[
        Path | None, typer.Option(help="JSONL, rows {id, query, scenario, also, fit}; ours when nothing is given.")
    ] = None,
    passages: Annotated[Path | None, typer.Option(help="JSONL, rows {id, text, bullets}.")] = None,
    engine: Annotated[Engine, typer.Option(help="Who searches the vectors.")] = Engine.EXACT,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Measure which scenario is found (top1), whether any fits (auroc), and which bullets (hit@1, hit@5, mrr@10).

    A row that cannot be used is reported, the rest goes on, and the exit code is 1.
    """
    from interviewer.evaluation.queries import Rows, read_passages, read_queries
    from interviewer.evaluation.run import evaluate, summarise
    from interviewer.settings import read_settings
    from interviewer.shipped import shipped_path
    from interviewer.wiring import open_retriever

    if queries is None and passages is None:
        queries = shipped_path("evals/queries.jsonl")
    asked = read_queries(queries) if queries else Rows()
    said = read_passages(passages) if passages else Rows()
    faults = [*asked.faults, *said.faults]
    for fault in faults:
        typer.echo(f"error: {fault}", err=True)
    retriever = open_retriever(read_settings(), engine.value, lambda step: typer.echo(f"{step} ...", err=True))
    try:
        figures = summarise(evaluate(retriever, asked.queries, said.passages))
    finally:
        retriever.close()
    figures["errors"] = [str(fault) for fault in faults]
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        _show(figures)
    if faults:
        raise typer.Exit(1)


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title=f"Retrieval, index {figures['manifest']} ({figures['engine']})")
    for name in ("title", "queries", "top1", "passages", "hit@1", "hit@5", "mrr@10"):
        width = 22 if name == "title" else max(5, len(name))
        table.add_column(name, justify="left" if name == "title" else "right", width=width, no_wrap=True)
    counts = figures["counts"]
    total = {"title": "all", "queries": counts["with_scenario"], "passages": counts["passages"], **figures}
    for row in [*figures["per_scenario"], total]:
        row["title"] = f"{row.get('scenario', '')} {row['title']}".strip()
        table.add_row(*(_cell(row.get(column.header)) for column in table.columns))
    console.print(table)
    abstain = figures["abstain"]
    if counts["queries"]:
        console.print(f"fits or not: AUROC {_cell(figures['auroc']) or 'unknown'} over {counts['queries']} queries")
        right, wrong = (_cell(abstain[name]) or "none" for name in ("right", "wrong"))
        console.print(f"abstains on {right} of those that fit none, {wrong} of the others")
    if figures["reduced"]:
        console.print(f"note: {figures['reduced']}")


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
