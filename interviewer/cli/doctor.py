"""`interviewer doctor`: whether the language model can be used, and what to do where it cannot."""

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from interviewer.models.checks import Check

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def doctor(
    window: int = typer.Option(9000, min=1000, max=1_000_000, help="Try a prompt of so many tokens."),
    no_window: bool = typer.Option(False, "--no-window", help="Try no long prompt, which costs its tokens."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Check which engine is in use, the key, the endpoint and what its model can do.

    A few short calls and one long prompt are sent. Exit code 0: all is well; 1: something needs attention. Offline
    nothing is sent.
    """
    from interviewer.models.checks import all_well
    from interviewer.settings import read_settings
    from interviewer.wiring import examine

    found: list[Check] = []
    tokens = 0 if no_window else window
    for check in examine(read_settings(), window_tokens=tokens, tell=lambda text: typer.echo(f"({text})", err=True)):
        found.append(check)
        if not as_json:
            _show(check)
    well = all_well(found)
    if as_json:
        typer.echo(json.dumps({"ok": well, "checks": [one.model_dump() for one in found]}, indent=1))
    raise typer.Exit(0 if well else 1)


def _show(check: "Check") -> None:
    from interviewer.cli.terminal import without_controls

    typer.echo(without_controls(f"{check.mark:<5} {check.name:<18} {check.what}"))
    if check.next_step:
        typer.echo(without_controls(f"      {'':<18} {check.next_step}"))
