"""`interviewer prompt`: which prompt answers, and the way back."""

import json
from pathlib import Path

import typer

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="List, add, choose and roll back the prompt that answers out of passages.",
)

_JSON = typer.Option(False, "--json", help="Print JSON.")
_VERIFY = typer.Option(True, "--verify/--no-verify", help="Hold the smoke set against its baseline, and take it back.")


@app.command("list")
def list_prompts(as_json: bool = _JSON) -> None:
    """List the versions, and which one is in use."""
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import FROZEN_PROMPT, open_prompts

    prompts = open_prompts(read_settings())
    active = prompts.active(FROZEN_PROMPT)
    known = prompts.known(FROZEN_PROMPT)
    if as_json:
        typer.echo(json.dumps({"versions": known, **active.model_dump()}))
        return
    for identity in known:
        typer.echo(f"{'*' if identity == active.identity else ' '} {identity}")


@app.command()
def activate(
    version: str = typer.Argument(help="An identity as `list` shows it, or a file that becomes a version."),
    as_json: bool = _JSON,
) -> None:
    """Use a version, or a file as a new one."""
    from interviewer.errors import InputError
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import FROZEN_PROMPT, open_prompts

    prompts, path = open_prompts(read_settings()), Path(version)
    if path.is_file():
        try:
            version = prompts.add(FROZEN_PROMPT, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(f"is not UTF-8 (byte {error.start}).", where=str(path)) from error
    active = prompts.point_to(version, FROZEN_PROMPT)
    typer.echo(json.dumps(active.model_dump()) if as_json else f"{active.identity} is in use.")


@app.command()
def rollback(verify: bool = _VERIFY, as_json: bool = _JSON) -> None:
    """Go back to the version that was in use before; undone, with exit code 1, where that does not restore the smoke
    set."""
    from interviewer.errors import NotFoundError
    from interviewer.settings import read_settings
    from interviewer.wiring_evals import FROZEN_PROMPT, check_smoke, open_prompts

    settings = read_settings()
    prompts = open_prompts(settings)
    old = prompts.active(FROZEN_PROMPT)
    if old.previous is None:
        raise NotFoundError("There is no earlier prompt.", next_step="`interviewer prompt list` shows what is there.")
    active = prompts.point_to(old.previous, FROZEN_PROMPT)
    done = check_smoke(settings, lambda step: typer.echo(step, err=True)) if verify else None
    undone = done is not None and done.restored is False
    if undone:
        active = prompts.point_to(old.identity, FROZEN_PROMPT)
    says = done.says if done else "Not verified."
    row = active.model_dump() | {"restored": done.restored if done else None, "says": says}
    sentence = f"{says} Still {active.identity}." if undone else f"Back to {active.identity}. {says}"
    typer.echo(json.dumps(row) if as_json else sentence)
    if undone:
        raise typer.Exit(1)
