"""`interviewer agreement`: the judge against labelled transcripts."""

import json
from pathlib import Path
from typing import Any, Literal

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def agreement(
    gold: Path = typer.Option(..., help="Folder with ID.json and ID.labels.json, subfolders included."),
    engine: Literal["auto", "offline", "llm"] = typer.Option(
        "offline", help="Which judge; llm: the model that is set."
    ),
    passes: int = typer.Option(1, min=1, max=9, help="How often the model judges; the median counts."),
    limit: int | None = typer.Option(None, min=1, help="Judge the first N transcripts only."),
    concurrency: int = typer.Option(4, min=1, max=64, help="Calls to the model at a time."),
    max_cost: float | None = typer.Option(
        None, min=0, help="Stop before the model costs more (USD); needs its prices."
    ),
    max_calls: int | None = typer.Option(None, min=0, help="Stop before more calls to the model."),
    baselines: bool = typer.Option(True, help="Measure the baselines on the same items too."),
    rounds: int = typer.Option(500, min=0, max=10000, help="Bootstrap rounds; 0 leaves the intervals out."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Measure how far a judge agrees with labels.

    Transcripts that the judge was trained on flatter it: the shipped one has seen evals/gold, and is measured on it
    by cross-validation (tools/train_judge.py --dry). Exit code 1 says that some pairs could not be read or judged.
    """
    from interviewer.grading.meter import JudgeTerms
    from interviewer.settings import read_settings
    from interviewer.wiring import measure_agreement

    figures = measure_agreement(
        read_settings().model_copy(update={"engine": engine}),
        gold,
        baselines=baselines,
        rounds=rounds,
        terms=JudgeTerms(passes, concurrency, max_cost, max_calls),
        limit=limit,
        tell=lambda text: typer.echo(text, err=True),
    )
    for fault in figures["faults"]:
        typer.echo(f"error: {fault}", err=True)
    typer.echo(json.dumps(figures, indent=1) if as_json else _table(figures))
    if figures["faults"]:
        raise typer.Exit(1)


def _table(figures: dict[str, Any]) -> str:
    head = ("judge", "kappa met", "kappa 3", "QWK", "macro F1", "AUC", "bias", "level QWK")
    names = ("kappa_binary", "kappa", "qwk", "macro_f1", "auc", "met_rate_bias", "level_qwk")
    rows = [(figures["judge"], figures), *figures.get("baselines", {}).items()]
    lines = ["".join(f"{cell:<14}" for cell in head)]
    for name, row in rows:
        cells = ["-" if row[key] is None else f"{row[key]:.3f}" for key in names]
        lines.append("".join(f"{cell:<14}" for cell in (name, *cells)))
    sure = figures["confident"]
    lines.append(f"\n{figures['items']} items of {figures['transcripts']} transcripts, {figures['ungraded']} ungraded")
    if figures["seen"]:
        lines.append(f"{figures['seen']} of the transcripts were in the judge's training: these figures flatter it")
    lines.append(f"where the judge is sure: coverage {_cell(sure['coverage'])}, kappa met {_cell(sure['kappa'])}")
    middling = figures["middling"]
    if middling["items"]:
        lines.append(f"middling transcripts ({middling['items']} items): kappa met {_cell(middling['kappa'])}")
    groups = ", ".join(f"{name} {_cell(bias)}" for name, bias in figures["bias_by_group"].items())
    lines.append(f"met-rate bias by thirds of the transcripts, by share met: {groups}")
    lines.append(f"quotes that share a sentence with the annotators': {_cell(figures['quotes_found'])}")
    lines.append(f"quotes that stand word for word in the answer: {_cell(figures['quotes_verbatim'])}")
    for name, bounds in figures["intervals"].items():
        if bounds:
            lines.append(f"95 % interval of {name}: {bounds[0]:.3f} to {bounds[1]:.3f} (clustered by transcript)")
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
