"""Asking somebody at a terminal about what the judge is unsure of."""

from collections.abc import Mapping, Sequence

import typer

from interviewer.cli.terminal import Terminal, without_controls
from interviewer.grading.selfcheck import SelfCheck, Who
from interviewer.verdict import Label

_ENTRIES: Mapping[str, Label] = {
    "y": "met", "yes": "met", "p": "partial", "partly": "partial", "n": "not_met", "no": "not_met",
}  # fmt: skip
_WORDS: Mapping[Label, str] = {"met": "met", "partial": "partly met", "not_met": "not heard"}
_PROMPTS: Mapping[Who, str] = {
    "candidate": "Did you mean this? [y]es, [p]artly, [n]o, Enter skips, q stops: ",
    "coach": "Does this count? [y]es, [p]artly, [n]o, Enter skips, q stops: ",
}


def ask_back(terminal: Terminal, checks: Sequence[SelfCheck], who: Who) -> dict[str, Label]:
    """Criterion -> answer, asked one by one; `q`, Ctrl-C or the end of input stops and keeps what was answered."""
    answers: dict[str, Label] = {}
    if not checks:
        typer.echo("Nothing is open.")
    try:
        for number, check in enumerate(checks, start=1):
            typer.echo(f"\n{number} of {len(checks)}. {_shown(check)}")
            entry = _read(terminal, _PROMPTS[who])
            if entry is None:
                break
            if entry:
                answers[check.criterion] = _ENTRIES[entry]
    except KeyboardInterrupt:
        typer.echo("\nStopped; what you answered counts.")
    return answers


def _read(terminal: Terminal, prompt: str) -> str | None:
    """An entry that is known; empty to skip, None to stop."""
    while (entry := terminal.read(prompt)) is not None and entry.lower() not in ("q", "quit", "/quit"):
        if not entry or entry.lower() in _ENTRIES:
            return entry.lower()
        typer.echo("y, p, n, Enter or q, please.", err=True)
    return None


def _shown(check: SelfCheck) -> str:
    words = f"“{check.nearest.text}” (turn {check.nearest.turn + 1})" if check.nearest else "Nothing said came near it."
    return without_controls(f"{check.statement} [{_WORDS[check.leaning]} so far]\n   {words}")
