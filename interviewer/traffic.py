"""Whether risky traffic is let in: while a gate is red, or somebody says so, free topics are not, and the list of
drills is."""

import os
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from interviewer.errors import StoreError
from interviewer.noun import Noun

FILE = "traffic.json"


class Traffic(Noun):
    """`since` in seconds since 1970; `by` is who restricted it: a person is not overruled by a gate that turns
    green."""

    restricted: bool = False
    why: str = ""
    by: Literal["gate", "person", ""] = ""
    since: float = 0.0

    @property
    def notice(self) -> str:
        """What a visitor is told; empty while everything is let in."""
        if not self.restricted:
            return ""
        return f"Free topics are closed for now ({self.why}). Choose a drill from the list."


def read_traffic(folder: Path) -> Traffic:
    """The state in a data folder. One that cannot be read is restricted: the gate fails closed."""
    try:
        return Traffic.model_validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        return Traffic()
    except (OSError, ValidationError):
        return Traffic(restricted=True, why=f"{FILE} cannot be read", by="person")


def write_traffic(folder: Path, traffic: Traffic) -> None:
    """Replace the state, in one rename.

    Raises:
        StoreError: the folder cannot be written.
    """
    temporary = folder / f"{FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_text(traffic.model_dump_json() + "\n", encoding="utf-8")
        os.replace(temporary, folder / FILE)
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror}).", where=str(folder / FILE)) from error


def follow_gate(folder: Path, *, red: bool, now: float) -> Traffic:
    """Restrict traffic while the gate is red; let it in again when it is green, unless a person restricted it."""
    present = read_traffic(folder)
    if red and not present.restricted:
        present = Traffic(restricted=True, why="the evaluation gate is red", by="gate", since=now)
        write_traffic(folder, present)
    elif not red and present.restricted and present.by == "gate":
        present = Traffic()
        write_traffic(folder, present)
    return present
