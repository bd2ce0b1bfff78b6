"""The command `interviewer`: each subcommand's module is imported only when it is asked for."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from interviewer import __version__
from interviewer.errors import InterviewerError
from interviewer.privacy import silence_telemetry

# Name -> what `--help` says; the module is `interviewer.cli.NAME`.
COMMANDS = {
    "app": "Start the app in the browser.",
    "talk": "Practise an interview in the terminal.",
    "history": "List, show and delete past interviews.",
    "grade": "Grade saved transcripts: files or folders.",
    "check": "Answer what the judge was unsure of in a graded transcript.",
    "agreement": "Measure the judge against labelled transcripts.",
    "find": "Find the drill that fits some words.",
    "drills": "Show a drill document as it was parsed.",
    "rubric": "Check and show rubrics.",
    "index": "Build, list and roll back the retrieval index.",
    "eval": "Evaluate the retrieval and find what broke it.",
    "doctor": "Check the language model: key, address, what it can do.",
    "prompt": "List, choose and roll back the prompt of answers.",
    "freshness": "Say whether the index is that of the corpus.",
    "fallback": "Close free topics, or open them again.",
    "config": "Show every setting and where it came from.",
}


class _LazyGroup(TyperGroup):
    """Lists commands by name and one line each; loads a module only when its command is run."""

    # typer carries its own copy of click and does not publish its types, hence Any.
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and command is not None:
            command = typer.main.get_command(import_module(f"interviewer.cli.{name}").app)
            command.name = name
        return name, command, rest


app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A mock interviewer for MLOps incident drills: plays the incident, asks, and grades with quotes as evidence.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"interviewer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    pass


def run() -> None:
    """Run the command line; errors of ours become one line on stderr and their exit code."""
    silence_telemetry()
    try:
        app(prog_name="interviewer")
    except InterviewerError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
