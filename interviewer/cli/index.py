"""`interviewer index`: build, look at, and roll back the retrieval index."""

import json
from typing import Any

import typer

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Build, list and roll back the retrieval index. It is a cache: it can always be built again from the corpus.",
)

_JSON = typer.Option(False, "--json", help="Print JSON.")


@app.command()
def build(
    force: bool = typer.Option(False, "--force", help="Build even when a sound index is there."), as_json: bool = _JSON
) -> None:
    """Build the index of the corpus as it is now, check it, and use it."""
    from interviewer.index.build import build_index
    from interviewer.settings import read_settings
    from interviewer.wiring import new_stamp, open_recipe, open_versions

    settings = read_settings()
    built = build_index(
        open_versions(settings),
        open_recipe(settings),
        new_stamp(),
        force=force,
        tell=lambda step: typer.echo(f"{step} ...", err=True),
    )
    row = {**_row(built.release), "built": built.fresh}
    done = "Built" if built.fresh else "Already there and sound:"
    _say(row, f"{done} index {row['digest']}, {row['chunks']} chunks.", as_json)


@app.command()
def status(as_json: bool = _JSON) -> None:
    """Say which index is in use, whether it is sound, and whether it belongs to the corpus as it is now.

    Exits with 1 when the next search would build.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring import open_recipe, open_versions

    settings = read_settings()
    row = _status(open_versions(settings), open_recipe(settings).manifest())
    _say(row, row["summary"], as_json)
    if row["state"] not in ("ready", "pinned"):
        raise typer.Exit(1)


@app.command("list")
def list_versions(as_json: bool = _JSON) -> None:
    """List the versions that are kept, newest first."""
    from interviewer.settings import read_settings
    from interviewer.wiring import open_versions

    versions = open_versions(read_settings())
    active = versions.active()
    rows = [_row(release) | {"active": bool(active and active.digest == release.manifest.digest)}
            for release in versions.releases()]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"versions": rows}))
        return
    for row in rows:
        typer.echo(f"{'*' if row['active'] else ' '} {row['digest']}  {row['created']}  {row['chunks']} chunks")
    if not rows:
        typer.echo("There is no index yet; `interviewer index build` builds one.")


@app.command()
def activate(digest: str = typer.Argument(help="As `index list` shows it."), as_json: bool = _JSON) -> None:
    """Use a kept version, whatever the corpus says, until the next `index build`."""
    from interviewer.settings import read_settings
    from interviewer.wiring import open_versions

    versions = open_versions(read_settings())
    with versions.writer():
        versions.verify(digest)
        active = versions.point_to(digest, pinned=True)
    _say(active.model_dump(), f"Index {digest} is in use until the next `interviewer index build`.", as_json)


@app.command()
def rollback(
    verify: bool = typer.Option(True, "--verify/--no-verify", help="Hold the smoke set against its baseline."),
    as_json: bool = _JSON,
) -> None:
    """Go back to the version that was in use before; undone, with exit code 1, where that does not restore the smoke
    set."""
    from interviewer.errors import NotFoundError
    from interviewer.settings import read_settings
    from interviewer.wiring import open_versions
    from interviewer.wiring_evals import check_smoke

    settings = read_settings()
    versions = open_versions(settings)
    with versions.writer():
        old = versions.active()
        if old is None or old.previous is None:
            raise NotFoundError("There is no earlier index.", next_step="`interviewer index list` shows what is kept.")
        versions.verify(old.previous)
        active = versions.point_to(old.previous, pinned=True)
    done = check_smoke(settings, lambda step: typer.echo(f"{step} ...", err=True)) if verify else None
    says = done.says if done else "Not verified."
    row = {"restored": done.restored if done else None, "says": says}
    if done is None or done.restored is not False:
        sentence = f"Back to index {active.digest}, until the next `interviewer index build`. {says}"
        _say(active.model_dump() | row, sentence, as_json)
        return
    with versions.writer():
        active = versions.point_to(old.digest, pinned=old.pinned)
    _say(active.model_dump() | row, f"{says} Index {active.digest} is in use as before.", as_json)
    raise typer.Exit(1)


def _status(versions: Any, wanted: Any) -> dict[str, Any]:
    from interviewer.errors import IndexBrokenError, NotFoundError

    active = versions.active()
    row: dict[str, Any] = {"active": active.digest if active else None, "wanted": wanted.digest, "changed": []}
    if active is None:
        return row | {"state": "missing", "summary": "There is no index yet; the first search builds it."}
    try:
        release = versions.verify(active.digest)
    except (IndexBrokenError, NotFoundError) as error:
        return row | {"state": "damaged", "summary": f"Index {active.digest} is damaged ({error})"}
    row |= {"changed": list(release.manifest.differences(wanted)), "chunks": release.chunks}
    if not row["changed"]:
        return row | {"state": "ready", "summary": f"Index {active.digest} is sound and belongs to the corpus."}
    why = ", ".join(row["changed"])
    if active.pinned:
        return row | {"state": "pinned", "summary": f"Index {active.digest} was chosen by hand; differs in: {why}."}
    return row | {"state": "stale", "summary": f"Index {active.digest} is out of date: {why}; the next search builds."}


def _row(release: Any) -> dict[str, Any]:
    from datetime import UTC, datetime

    created = datetime.fromtimestamp(release.created_at, UTC).isoformat(timespec="seconds")
    return {"digest": release.manifest.digest, "chunks": release.chunks, "created": created}


def _say(row: dict[str, Any], sentence: str, as_json: bool) -> None:
    typer.echo(json.dumps(row) if as_json else sentence)
