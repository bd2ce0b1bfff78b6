"""Two ways to talk in a terminal: with a live prompt where somebody types, in plain lines where a program does."""

import sys
from collections.abc import Callable, Iterable
from typing import Protocol, TextIO

import typer

Clock = Callable[[], str]
Watch = Callable[[str], None]


class Terminal(Protocol):
    """Reads what the candidate enters and writes what they are to see."""

    is_live: bool

    def read(self, prompt: str, clock: Clock | None = None, drafts: Watch | None = None) -> str | None:
        """One entry without surrounding blanks; None at the end of input. `clock` gives the line below the prompt.

        `drafts` is given the entry as it stands after every change, where somebody types it.
        """
        ...

    def write(self, pieces: Iterable[str]) -> None:
        """Show pieces as they come, then end the line."""
        ...

    def show_markdown(self, text: str) -> None: ...


class PlainTerminal:
    """For pipes: a line is an entry, a backslash at its end goes on with the next line; no colours, no prompts."""

    is_live = False

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines

    def read(self, prompt: str, clock: Clock | None = None, drafts: Watch | None = None) -> str | None:
        parts: list[str] = []
        for line in iter(self._lines.readline, ""):
            text = line.rstrip("\r\n")
            if not text.endswith("\\"):
                return "\n".join([*parts, text]).strip()
            parts.append(text[:-1])
        return "\n".join(parts).strip() or None

    def write(self, pieces: Iterable[str]) -> None:
        typer.echo(without_controls("".join(pieces)))

    def show_markdown(self, text: str) -> None:
        typer.echo(without_controls(text))


class LiveTerminal:
    """For people: Enter sends, Alt+Enter makes a new line, the clock runs below."""

    is_live = True

    def __init__(self) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

        keys = KeyBindings()

        @keys.add("enter")
        def _send(event: KeyPressEvent) -> None:
            event.current_buffer.validate_and_handle()

        @keys.add("escape", "enter")
        def _new_line(event: KeyPressEvent) -> None:
            event.current_buffer.insert_text("\n")

        self._prompt: PromptSession[str] = PromptSession(key_bindings=keys)
        self._drafts: Watch | None = None
        self._prompt.default_buffer.on_text_changed += lambda buffer: self._drafts and self._drafts(buffer.text)

    def read(self, prompt: str, clock: Clock | None = None, drafts: Watch | None = None) -> str | None:
        self._drafts = drafts
        try:
            return self._prompt.prompt(
                prompt, multiline=clock is not None, bottom_toolbar=clock, refresh_interval=1 if clock else 0
            ).strip()
        except EOFError:
            return None

    def write(self, pieces: Iterable[str]) -> None:
        for piece in pieces:
            typer.echo(without_controls(piece), nl=False)
        typer.echo("\n")

    def show_markdown(self, text: str) -> None:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(without_controls(text)))


def open_terminal() -> Terminal:
    """A live one where both ends are a terminal, else a plain one."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return LiveTerminal()
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return PlainTerminal(sys.stdin)


def without_controls(text: str) -> str:
    """The text less what could steer a terminal or turn its writing direction.

    >>> without_controls("a\\x1b[31mb\\tc")
    'a[31mb\\tc'
    """
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
