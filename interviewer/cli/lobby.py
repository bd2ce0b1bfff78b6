"""The lobby at the terminal, with a model: a talk about what to practise that ends with a drill."""

import typer

from interviewer.cli.conversation import is_agreed
from interviewer.cli.terminal import Terminal
from interviewer.desk import Desk
from interviewer.lobby import Lobby
from interviewer.models.lobby import LobbyReply

WELCOME = "What would you like to practise? Describe an incident, name a topic or a number, or ask what there is."


def talk_in_lobby(desk: Desk, lobby: Lobby, terminal: Terminal) -> LobbyReply | None:
    """The reply that chose a drill; None when the input ends, or somebody leaves, without one.

    What search proposes where the model failed is confirmed first, as it is offline.
    """
    typer.echo(WELCOME)
    while (words := terminal.read("you> ")) is not None and words.lower() != "/quit":
        if not words:
            continue
        reply = lobby.say(words)
        if reply.notice:
            typer.echo(f"note: {reply.notice}", err=True)
        if reply.by == "model" or reply.scenario is None:
            terminal.write([reply.text])
        drill = next((one for one in desk.scenarios if one.number == reply.scenario), None)
        if drill and (reply.by == "model" or words.isdecimal() or is_agreed(terminal, drill)):
            return reply
    return None
