"""`interviewer history`: past interviews listed, shown, graded again, checked and deleted."""

import json
from datetime import datetime
from typing import Literal

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, invoke_without_command=True)
Engine = Literal["auto", "offline", "llm"]


@app.callback()
def history(
    context: typer.Context,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """List the interviews on this machine, the latest begun first.

    SESSION, where a command wants one, is an id or its first letters, four at least.
    """
    if context.invoked_subcommand is not None:
        return
    from interviewer.settings import read_settings
    from interviewer.wiring import open_store

    store = open_store(read_settings())
    for notice in store.notices:
        typer.echo(f"warning: {notice}", err=True)
    rows = store.summaries()
    if as_json:
        listed = [{**row.model_dump(), "date": _date(row.started_at)} for row in rows]
        typer.echo(json.dumps({"sessions": listed}, indent=1))
    elif not rows:
        typer.echo("No interviews yet. `interviewer talk` starts one.")
    for row in () if as_json else rows:
        overall = f"{row.overall:.1f}" if row.overall is not None else "-"
        typer.echo(
            f"{row.id[:8]}  {_date(row.started_at)}  {row.status:<6}  {row.level:<6}  {row.turns:>2} turns"
            f"  overall {overall:>3}  {row.scenario}: {row.title}"
        )


@app.command()
def show(
    session: str = typer.Argument(help="Id of a session, or its first letters."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON: summary, turns, ledger, scorecard."),
) -> None:
    """Show one interview: the conversation, and the report once there is one."""
    from interviewer.cli.terminal import without_controls
    from interviewer.settings import read_settings
    from interviewer.wiring import open_desk

    desk = open_desk(read_settings())
    summary, state, report = desk.summary(session), desk.open(session).state, desk.find_report(session)
    if as_json:
        body = {
            "session": summary.model_dump(),
            "turns": [turn.model_dump() for turn in state.transcript.turns],
            "ledger": [entry.model_dump() for entry in state.coverage.entries],
            "self_ratings": state.self_ratings,
            "scorecard": json.loads(report.scorecard_json) if report else None,
        }
        typer.echo(json.dumps(body, indent=1))
        return
    typer.echo(f"{summary.id}  {_date(summary.started_at)}  {summary.status}")
    terms = f"{summary.mode}, {summary.level}, {summary.minutes} minutes"
    typer.echo(f"Scenario {summary.scenario}: {summary.title} ({terms})")
    for turn in state.transcript.turns:
        typer.echo(f"\n{turn.role.title()}:\n{without_controls(turn.text)}")
    if report:
        typer.echo(f"\n{report.markdown}")
    elif summary.status != "done":
        typer.echo(f"\nNot finished: `interviewer talk --resume {summary.id[:8]}` goes on.")


@app.command()
def grade(
    session: str = typer.Argument(help="Id of a session, or its first letters."),
    engine: Engine | None = typer.Option(None, help="Who judges: the model, the embedded judge, or as set."),
    as_json: bool = typer.Option(False, "--json", help="Print the scorecard as JSON."),
) -> None:
    """Grade an interview again, without holding it again; the new report takes the place of the old one.

    When the model fails, the old report stays.
    """
    from interviewer.settings import read_settings
    from interviewer.wiring import open_desk

    settings = read_settings()
    desk = open_desk(settings.model_copy(update={"engine": engine or settings.engine}), fallback=False)
    report = desk.grade(session, again=True)
    typer.echo(report.scorecard_json if as_json else report.markdown)


@app.command()
def check(
    session: str = typer.Argument(help="Id of a session, or its first letters."),
    who: Literal["candidate", "coach"] = typer.Option("candidate", "--as", help="Whose answers these are."),
) -> None:
    """Answer what the judge is unsure of: the criterion, your nearest words, and whether you meant this.

    The totals are made anew with every answer that counts. A coach's answer stands above the candidate's.
    In a pipe every line is one answer.
    """
    from interviewer.cli.asking import ask_back
    from interviewer.cli.terminal import open_terminal
    from interviewer.grading.report import parse_scorecard, total_of
    from interviewer.settings import read_settings
    from interviewer.wiring import open_desk

    desk = open_desk(read_settings())
    answers = ask_back(open_terminal(), desk.self_checks(session, who), who)
    report = desk.settle(session, answers, who) if answers else desk.grade(session)
    typer.echo(f"{len(answers)} answered. {total_of(parse_scorecard(report.scorecard_json))}")


@app.command()
def delete(
    session: str = typer.Argument(help="Id of a session, or its first letters."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Delete an interview and its report for good."""
    from interviewer.settings import read_settings
    from interviewer.wiring import open_desk

    desk = open_desk(read_settings())
    summary = desk.summary(session)
    begun = _date(summary.started_at)
    question = f"Delete {summary.id[:8]} (scenario {summary.scenario}, {begun}, {summary.turns} turns)?"
    if not yes:
        typer.confirm(question, abort=True, err=True)
    typer.echo(f"Deleted {desk.delete(summary.id)}.")


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
