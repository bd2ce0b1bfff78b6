"""`interviewer talk`: an interview at the terminal."""

import signal
from types import FrameType
from typing import Literal

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def talk(
    topic: str = typer.Argument("", help="What to practise: a number, a title or a few words."),
    scenario: int = typer.Option(0, min=0, help="Number of the drill."),
    mode: Literal["real", "coach"] | None = typer.Option(
        None, help="real: all feedback at the end; coach: hints up to the answer. Default: the setting."
    ),
    level: Literal["mid", "senior", "staff"] | None = typer.Option(
        None, help="Seniority that is expected. Default: the setting."
    ),
    minutes: int | None = typer.Option(None, min=5, max=120, help="Length. Default: the setting."),
    resume: str = typer.Option("", help="Go on with a session: its id or the first letters of it."),
) -> None:
    """Practise an interview in the terminal.

    Enter sends, Alt+Enter makes a new line; /help lists commands; Ctrl-C pauses and saves.

    With a language model and no topic, the lobby talks about what to practise first.

    In a pipe every line is one answer; a backslash at the end of a line goes on with the next one. Without a topic the
    first line names it. The end of input pauses and saves; during the self-rating it skips what is left.
    """
    from interviewer.cli.conversation import Conversation, choose_scenario
    from interviewer.cli.lobby import talk_in_lobby
    from interviewer.cli.terminal import open_terminal
    from interviewer.models.lobby import LobbyReply
    from interviewer.settings import read_settings
    from interviewer.wiring import open_desk, open_lobbies

    settings = read_settings()
    desk, terminal = open_desk(settings), open_terminal()
    if desk.engine != "offline":
        typer.echo(f"Interviewer: {desk.engine}. What you type is sent there.", err=True)
    for notice in desk.notices:
        typer.echo(f"warning: {notice}", err=True)
    signal.signal(signal.SIGTERM, _leave)
    if resume:
        session = desk.resume(resume)
    else:
        wanted = str(scenario) if scenario else topic
        if settings.uses_model and not wanted:
            chosen = talk_in_lobby(desk, open_lobbies(settings, desk, _note)(), terminal)
        else:
            drill = choose_scenario(desk, terminal, wanted)
            chosen = LobbyReply(text="", scenario=drill.number, by="search") if drill else None
        if chosen is None or chosen.scenario is None:
            typer.echo("Nothing was chosen, so nothing was started.")
            return
        session = desk.start(
            chosen.scenario,
            mode=mode or chosen.mode or settings.mode,
            level=level or chosen.level or settings.level,
            minutes=minutes or chosen.minutes or settings.minutes,
        )
    Conversation(desk, terminal, session).run()


def _note(text: str) -> None:
    typer.echo(f"note: {text}", err=True)


def _leave(number: int, frame: FrameType | None) -> None:
    """A polite request to stop is taken like Ctrl-C: pause and save."""
    raise KeyboardInterrupt
