"""`interviewer check`: a saved scorecard, its open questions answered."""

from pathlib import Path
from typing import Literal

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def check(
    path: Path = typer.Argument(help="A scorecard (JSON) that `interviewer grade` wrote."),
    who: Literal["candidate", "coach"] = typer.Option("candidate", "--as", help="Whose answers these are."),
) -> None:
    """Answer what the judge was unsure of in a graded transcript; its JSON, Markdown and HTML are written anew.

    The table and the overview of the batch stay as they were graded. A coach's answer stands above the candidate's. In
    a pipe every line is one answer. For interviews held here: `interviewer history check`.
    """
    from interviewer.batch.settled import read_scorecard, rewrite_reports
    from interviewer.cli.asking import ask_back
    from interviewer.cli.terminal import open_terminal
    from interviewer.errors import InputError
    from interviewer.grading.report import total_of
    from interviewer.grading.selfcheck import Answer
    from interviewer.grading.settling import open_checks, settle_scorecard
    from interviewer.settings import read_settings
    from interviewer.wiring import open_document, open_rubrics

    settings = read_settings()
    card, rubrics = read_scorecard(path), open_rubrics(settings)
    rubric = rubrics.get(card.scenario)
    if rubric is None:
        raise InputError(f"There is no rubric for scenario {card.scenario}.", where=str(path))
    said = ask_back(open_terminal(), open_checks(card, rubric, who), who)
    if said:
        answers = [Answer(criterion=criterion, label=label, who=who) for criterion, label in said.items()]
        card = settle_scorecard(card, answers, rubric, open_document(settings))
        typer.echo(f"\nWritten: {', '.join(file.name for file in rewrite_reports(path, card))}")
    typer.echo(f"{len(said)} answered. {total_of(card)}")
