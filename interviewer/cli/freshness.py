"""`interviewer freshness`: whether the index is that of the corpus."""

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def freshness(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Hold the index in use against the corpus as it is now: every passage, what is left over, and a canary that a
    vector query has to find.

    Exit code 1 when the objective is missed. `interviewer index build` mends a stale or damaged index, and so does
    the next search, unless somebody chose the index by hand.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring import check_freshness

    found = check_freshness(read_settings())
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        typer.echo(f"{found.state}: {found.says}")
        if found.digest:
            canary = "found" if found.canary else "not found"
            typer.echo(
                f"index {found.digest}: {found.matching:.1%} of the corpus's passages, {found.tombstones} left over, "
                f"lag {found.lag_s:.0f} s, canary {canary}"
            )
    if not found.holds:
        raise typer.Exit(1)
