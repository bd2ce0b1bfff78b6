"""`interviewer config`: every setting, its value and where it came from."""

import json

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def config(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Show every setting, its value and where it came from (environment, .env, interviewer.toml, default).

    A setting NAME is set as INTERVIEWER_NAME in the environment or in .env, or as NAME in interviewer.toml.
    """
    from interviewer.settings import explain_settings, read_settings

    rows = explain_settings(read_settings())
    if as_json:
        typer.echo(json.dumps({name: {"value": value, "source": source} for name, value, source, _ in rows}, indent=1))
        return
    width = max(len(name) for name, *_ in rows)
    for name, value, source, purpose in rows:
        typer.echo(f"{name:<{width}}  {value or '-'}  ({source})  {purpose}")
