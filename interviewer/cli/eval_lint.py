"""`interviewer eval lint`: check the eval set."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from interviewer.evaluation.evalset import EvalSet
    from interviewer.evaluation.evalset_fault import EvalFault


def lint(
    folder: Annotated[Path | None, typer.Option(help="Folder of the eval set; ours when nothing is given.")] = None,
    document: Annotated[Path | None, typer.Option(help="The drill document it is about; ours by default.")] = None,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Report every fault of an eval set at once, each with file, line and field.

    Exit code 0 when there is none, 1 when there are faults.
    """
    from interviewer.drills.read import read_drills
    from interviewer.evaluation.evalset import read_evalset
    from interviewer.evaluation.evalset_lint import lint_evalset
    from interviewer.shipped import shipped_path

    checked = folder or shipped_path("evals/rag")
    faults = lint_evalset(checked, read_drills(document or shipped_path("corpus/mlops_drills.txt")))
    if as_json:
        rows = [fault.model_dump() for fault in faults]
        typer.echo(json.dumps({"folder": str(checked), "clean": not faults, "faults": rows}, indent=1))
    elif faults:
        _tell_faults(faults)
    else:
        _tell_clean(checked, read_evalset(checked))
    if faults:
        raise typer.Exit(1)


def _tell_faults(faults: Sequence["EvalFault"]) -> None:
    from interviewer.cli.terminal import without_controls

    for fault in faults:
        typer.echo(without_controls(str(fault)))
    typer.echo(f"\n{len(faults)} {'fault' if len(faults) == 1 else 'faults'}.")


def _tell_clean(folder: Path, evalset: "EvalSet") -> None:
    kinds = Counter(query.kind.value for query in evalset.queries)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    typer.echo(
        f"{folder}: no faults. {len(evalset.queries)} queries ({counted}), {len(evalset.qrels)} labels, "
        f"{len(evalset.answers)} reference answers, {len(evalset.smoke)} queries in the smoke set."
    )
