"""`interviewer find`: which drill is this about."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer


class Engine(StrEnum):
    """Who searches the vectors."""

    EXACT = "exact"
    CHROMA = "chroma"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def find(
    words: str = typer.Argument(help="What happens, in any words; `-` reads them from standard input."),
    k: int = typer.Option(10, "--k", min=0, max=1000, help="How many bullets to list at most."),
    engine: Annotated[Engine, typer.Option(help="`chroma` gives the same and starts slower.")] = Engine.EXACT,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Find the drill that fits some words, and the bullets of the answer key that go with them.

    The bullets are answers: this is for coaches and for evaluation. Nothing is listed as the drill when none fits.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring import open_retriever

    text = typer.get_text_stream("stdin").read() if words == "-" else words
    retriever = open_retriever(read_settings(), engine.value, lambda step: typer.echo(f"{step} ...", err=True))
    try:
        found = retriever.find(text, k)
    finally:
        retriever.close()
    if found.reduced:
        typer.echo(f"note: {found.reduced}", err=True)
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _show(found)


def _as_json(found: Any) -> dict[str, Any]:
    return {
        "scenario": found.scenario,
        "ranked": [one.model_dump() for one in found.ranked],
        "chunks": [
            {
                "id": hit.chunk.id,
                "bullets": list(hit.chunk.bullets),
                "section": hit.chunk.section,
                "score": hit.score,
                "text": hit.chunk.text,
            }
            for hit in found.hits
        ],
        "fit": round(found.fit, 4),
        "engine": found.engine,
        "manifest": found.manifest,
        "reduced": found.reduced,
    }


def _show(found: Any) -> None:
    first = found.ranked[0]
    if found.scenario is None:
        typer.echo(f"No drill fits these words. The nearest is {first.scenario}: {first.title}.")
        return
    typer.echo(f"Drill {first.scenario}: {first.title}")
    others = "; ".join(f"{one.scenario} {one.title}" for one in found.ranked[1:3])
    typer.echo(f"Next: {others}" if others else "")
    for hit in found.hits:
        typer.echo(f"  {', '.join(hit.chunk.bullets):<18} {hit.chunk.text}")
