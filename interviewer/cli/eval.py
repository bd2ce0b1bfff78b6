"""`interviewer eval`: how good the retrieval and what answers out of it are, what changed, and which part it was."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from interviewer.cli.eval_lint import lint

if TYPE_CHECKING:
    from interviewer.evaluation.attribution import Attribution
    from interviewer.evaluation.gates import GateResult, Gates
    from interviewer.evaluation.record import RunRecord


class Engine(StrEnum):
    """Who searches the vectors."""

    EXACT = "exact"
    CHROMA = "chroma"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
app.command("lint")(lint)

_JSON = typer.Option(False, "--json", help="Print JSON.")
_NAME = "A run: its id or the beginning of it, `last`, `baseline`, or a file."


@app.callback()
def _group() -> None:
    """Evaluate the retrieval and what answers out of it."""


@app.command()
def run(
    smoke: bool = typer.Option(False, "--smoke", help="The 30 queries of the smoke set only."),
    retrieval_only: bool = typer.Option(False, "--retrieval-only", help="Ask no model."),
    llm: bool = typer.Option(False, "--llm", help="Let the language model that is set answer: four calls a question."),
    accept: bool = typer.Option(False, "--accept", help="Make this run the baseline of this machine."),
    engine: Annotated[Engine, typer.Option(help="Who searches the vectors.")] = Engine.EXACT,
    as_json: bool = _JSON,
) -> None:
    """Run the eval set over the system in use and keep the run.

    Exit code 1 when queries could not be answered or a check of the index fails.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import open_gates, open_runs, run_evals

    settings = read_settings()
    suite: Literal["full", "smoke"] = "smoke" if smoke else "full"
    record = run_evals(settings, suite, engine.value, _tell, with_model=not retrieval_only, endpoint=llm)
    if accept:
        open_runs(settings).accept(record)
    if as_json:
        typer.echo(json.dumps(_run_row(record), ensure_ascii=False))
    else:
        _show_plan(open_gates(), record)
        _show_run(record)
    if record.errors or any(guard.fault for guard in record.guards):
        raise typer.Exit(1)


@app.command()
def runs(as_json: bool = _JSON) -> None:
    """List the runs that are kept, oldest first."""
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import open_runs

    rows = [_run_row(record) for record in open_runs(read_settings()).records()]
    if as_json:
        typer.echo(json.dumps({"runs": rows}, ensure_ascii=False))
        return
    for row in rows:
        found: dict[str, float] = row["means"]
        means = "  ".join(f"{name} {found[name]:.3f}" for name in ("hit@5", "ndcg@10", "live") if name in found)
        typer.echo(f"{row['id']}  {means}")
    if not rows:
        typer.echo("No run yet; `interviewer eval run` makes one.")


@app.command()
def report(
    run: str = typer.Argument("last", help=_NAME),
    out: Annotated[Path, typer.Option(help="Where the page is written.")] = Path("evaluation.html"),
) -> None:
    """Write a run as one HTML page: figures, plots, what changed, and the checklist of scenario 12."""
    from interviewer.errors import InputError
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import render_run

    page = render_run(read_settings(), run)
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror}).", where=str(out)) from error
    typer.echo(f"Wrote {out}.")


@app.command()
def diff(
    before: str = typer.Argument("baseline", help=_NAME),
    after: str = typer.Argument("last", help=_NAME),
    as_json: bool = _JSON,
) -> None:
    """Print what changed between two runs, component by component, and nothing else."""
    old, new = _read(before), _read(after)
    changes = old.manifest.changes(new.manifest)
    if as_json:
        typer.echo(json.dumps({"changes": [one.model_dump() for one in changes]}, ensure_ascii=False))
        return
    for one in changes:
        typer.echo(f"{one.component}.{one.part}: {_part(one.before)} -> {_part(one.after)}")
    if not changes:
        typer.echo("Nothing changed.")


@app.command()
def compare(
    before: str = typer.Argument("baseline", help=_NAME),
    after: str = typer.Argument("last", help=_NAME),
    as_json: bool = _JSON,
) -> None:
    """Compare two runs, measure by measure, with bounds. The exit code is always 0; `gate` decides."""
    from interviewer.evaluation import gates
    from interviewer.wiring_evals import open_gates

    rules, old, new = open_gates(), _read(before), _read(after)
    _show_result(rules, old, gates.compare(rules, old, new), as_json)


@app.command()
def gate(
    before: str = typer.Argument("baseline", help=_NAME),
    after: str = typer.Argument("last", help=_NAME),
    as_json: bool = _JSON,
) -> None:
    """Decide whether a run holds what the baseline had.

    Exit code 0: it does. 1: it does not. 3: it cannot be told; says how many queries it takes. While the last run
    does not hold, free topics are closed (`interviewer fallback`).
    """
    from interviewer.evaluation import gates
    from interviewer.wiring_evals import open_gates

    rules, old, new = open_gates(), _read(before), _read(after)
    result = gates.compare(rules, old, new)
    if after == "last":
        _follow(result)
    _show_result(rules, old, result, as_json)
    raise typer.Exit(int(result.verdict))


@app.command()
def attribute(
    corpus: Annotated[str | None, typer.Option(help="Drill document that was good, to compare with.")] = None,
    as_json: bool = _JSON,
) -> None:
    """Say which component a loss of the system in use comes from, and what to type.

    Compared with the system as it ships (or with another document). Exit code as that of `gate`.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import attribute_now

    found = attribute_now(read_settings(), corpus, _tell)
    if as_json:
        typer.echo(json.dumps(_attribution_row(found), ensure_ascii=False))
    else:
        _show_attribution(found)
    raise typer.Exit(int(found.result.verdict))


@app.command()
def faults(
    runs: int = typer.Option(64, min=1, help="Runs with a change."),
    no_change: int = typer.Option(30, min=0, help="Runs without any."),
    seed: int = typer.Option(1, help="The same seed gives the same runs."),
    workers: int = typer.Option(2, min=1, max=16, help="Processes."),
    as_json: bool = _JSON,
) -> None:
    """Put faults into the system on purpose and count what is detected and blamed.

    Every fault is a real change: an index is built with the bad splitter, vectors are those of the wrong model. Exit
    code 1 when fewer than 95 % of the faults above the detectable size are detected and blamed, more than 2 % of the
    runs blame an innocent change, or a run without a change does not pass.
    """
    from interviewer.evaluation.matrix import Plan, confusion, meets_targets
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import run_drill, save_matrix

    matrix = run_drill(Plan(runs, no_change, seed), workers, _tell)
    save_matrix(read_settings(), matrix)
    if as_json:
        typer.echo(matrix.model_dump_json())
    else:
        for put, blamed in sorted(confusion(matrix.cases).items()):
            typer.echo(f"{put:<24} {', '.join(f'{name} {count}' for name, count in blamed.items())}")
        typer.echo(str(matrix.summary))
    if not meets_targets(matrix.summary):
        raise typer.Exit(1)


def _follow(result: "GateResult") -> None:
    """Close or open risky traffic as the gate says; a verdict that is open changes nothing."""
    import time

    from interviewer.evaluation.gates import Verdict
    from interviewer.settings import read_settings
    from interviewer.traffic import follow_gate

    if result.verdict is not Verdict.INCONCLUSIVE:
        follow_gate(read_settings().data_dir, red=result.verdict is Verdict.FAIL, now=time.time())


def _tell(step: str) -> None:
    typer.echo(step, err=True)


def _read(name: str) -> "RunRecord":
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import open_runs

    return open_runs(read_settings()).read(name)


def _part(value: object) -> str:
    return "-" if value is None else str(value)


def _run_row(record: "RunRecord") -> dict[str, Any]:
    means = {name: round(mean, 4) for name in record.measures if (mean := record.mean(name)) is not None}
    return {
        "id": record.id,
        "suite": record.suite,
        "queries": len(record.asked),
        "coverage": round(record.coverage, 4),
        "means": means,
        "guards": {guard.name: guard.fault for guard in record.guards},
        "p95_ms": round(record.p95_ms, 2),
        "tokens": record.tokens,
        "errors": record.errors,
        "manifest": {one.name: one.digest for one in record.manifest.components},
    }


def _show_plan(rules: "Gates", record: "RunRecord") -> None:
    from interviewer.evaluation.gates import plan_gate

    planned = [f"{name} {loss:.3f} ({count})" for name, (count, loss) in plan_gate(rules, record).items()]
    typer.echo(f"Detectable losses, 80 % power (queries): {', '.join(planned)}")


def _show_run(record: "RunRecord") -> None:
    typer.echo(f"Run {record.id}: {len(record.asked)} queries, {record.coverage:.1%} answered without error")
    for name in record.measures:
        mean = record.mean(name)
        typer.echo(f"  {name:<18} {'' if mean is None else f'{mean:.3f}'}")
    typer.echo(f"  p95 {record.p95_ms:.1f} ms a retrieval, {record.tokens} tokens to the model")
    for guard in record.guards:
        typer.echo(f"  check {guard.name}: {guard.fault or 'holds'}")


def _show_result(rules: "Gates", before: "RunRecord", result: "GateResult", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_result_row(result), ensure_ascii=False))
        return
    _show_plan(rules, before)
    for one in result.findings:
        bounds = f"[{one.loss.low:+.3f}, {one.loss.high:+.3f}]"
        needed = f", {one.needed} queries would decide" if one.needed else ""
        typer.echo(
            f"  {one.measure:<18} {one.before:.3f} -> {one.after:.3f}  loss {one.loss.mean:+.3f} {bounds} "
            f"(margin {one.margin}): {one.verdict.name}{needed}"
        )
    for sentence in (*result.faults, *result.doubts):
        typer.echo(f"  {sentence}")
    typer.echo(result.verdict.name)


def _result_row(result: "GateResult") -> dict[str, object]:
    rows = [
        {
            "measure": one.measure,
            "before": round(one.before, 4),
            "after": round(one.after, 4),
            "loss": round(one.loss.mean, 4),
            "low": round(one.loss.low, 4),
            "high": round(one.loss.high, 4),
            "margin": one.margin,
            "verdict": one.verdict.name,
            "needed": one.needed,
        }
        for one in result.findings
    ]
    return {
        "verdict": result.verdict.name,
        "findings": rows,
        "faults": list(result.faults),
        "doubts": list(result.doubts),
    }


def _attribution_row(found: "Attribution") -> dict[str, object]:
    return {
        **_result_row(found.result),
        "changed": list(found.changed),
        "culprits": [one._asdict() | {"command": one.command} for one in found.culprits],
        "evidence": [one._asdict() for one in found.evidence],
        "shapley": found.shapley,
        "affected": list(found.affected),
        "unexplained": list(found.unexplained),
    }


def _show_attribution(found: "Attribution") -> None:
    typer.echo(f"Changed: {', '.join(found.changed) or 'nothing'}")
    for line in found.evidence:
        typer.echo(
            f"  {line.what:<34} {line.measure:<18} {line.loss:+.3f} [{line.low:+.3f}, {line.high:+.3f}] {line.verdict}"
        )
    for name, value in found.shapley.items():
        typer.echo(f"  parts act together: {name} {value:+.3f}")
    for one in found.culprits:
        typer.echo(f"To blame: {one.component}. {one.why}; {one.share:.0%} of the loss in {one.measure}.")
        typer.echo(f"  Type: {one.command}")
    if not found.culprits:
        typer.echo(f"Nobody is to blame. {found.result.verdict.name}")
    if found.affected:
        typer.echo(f"{len(found.affected)} queries lost something, e.g. {', '.join(found.affected[:5])}")
