"""`interviewer fallback`: close risky traffic, and open it again."""

import json

import typer

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Close free topics while something is wrong (drills are then chosen from the list), or open them again.",
)

_JSON = typer.Option(False, "--json", help="Print JSON.")


@app.command()
def on(
    why: str = typer.Option("closed by hand", "--why", help="What visitors are told."), as_json: bool = _JSON
) -> None:
    """Close free topics until `fallback off`."""
    import time

    from interviewer.settings import read_settings
    from interviewer.traffic import Traffic, write_traffic

    traffic = Traffic(restricted=True, why=why, by="person", since=time.time())
    write_traffic(read_settings().data_dir, traffic)
    typer.echo(traffic.model_dump_json() if as_json else traffic.notice)


@app.command()
def off(as_json: bool = _JSON) -> None:
    """Open free topics again, whatever a gate says; the next red gate closes them anew."""
    from interviewer.settings import read_settings
    from interviewer.traffic import Traffic, write_traffic

    write_traffic(read_settings().data_dir, Traffic())
    typer.echo(Traffic().model_dump_json() if as_json else "Free topics are open.")


@app.command()
def status(as_json: bool = _JSON) -> None:
    """Say what is let in, and on which step of the chain the retrieval stands."""
    from interviewer.settings import read_settings
    from interviewer.traffic import read_traffic
    from interviewer.wiring import find_step

    settings = read_settings()
    traffic, (step, says) = read_traffic(settings.data_dir), find_step(settings)
    if as_json:
        typer.echo(json.dumps({"traffic": traffic.model_dump(), "step": step, "says": says}))
        return
    typer.echo(traffic.notice or "Free topics are open.")
    typer.echo(f"Retrieval: {step}. {says}".strip())
