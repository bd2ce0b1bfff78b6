"""Which version of a prompt is in use: a released one, or one that somebody added, with one step back."""

import json
import os
import re
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from interviewer.errors import InputError, NotFoundError
from interviewer.noun import Noun
from interviewer.prompts.read import read_lock, read_prompt
from interviewer.prompts.template import slots_of

_POINTERS = "ACTIVE.json"
_ADDED = re.compile(r"[a-z_]+@local-[0-9a-f]{8}\Z")


class ActivePrompt(Noun):
    """The identity in use and the one before; `answer@1` is released, `answer@local-1f3c...` was added."""

    identity: str
    previous: str | None = None


class PromptVersions:
    """The prompts of a data folder, beside the released ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def active(self, released: str) -> ActivePrompt:
        """What is in use of a prompt, given its released identity; that one where nothing was chosen."""
        name = released.partition("@")[0]
        return self._pointers().get(name, ActivePrompt(identity=released))

    def read(self, identity: str) -> str:
        """The text of a version.

        Raises:
            NotFoundError: there is no such version.
            ShippedDataError: it is a released one that is missing or was changed.
            InputError: the text of an added one is not what was added.
        """
        advice = "`interviewer prompt list` shows them."
        if identity in read_lock():
            return str(read_prompt(identity))
        if not _ADDED.match(identity):
            raise NotFoundError(f"There is no prompt {identity}.", next_step=advice)
        name, _, version = identity.partition("@")
        try:
            text = (self._folder / name / f"{version}.md").read_text(encoding="utf-8")
        except OSError as error:
            what = f"There is no prompt {identity} ({error.strerror})."
            raise NotFoundError(what, where=str(self._folder), next_step=advice) from error
        if identity != _identity(name, text):
            raise InputError(f"The prompt {identity} is not what was added.", where=str(self._folder))
        return text

    def add(self, released: str, text: str) -> str:
        """Keep a text as a version of the prompt of that name; gives its identity.

        Raises:
            InputError: it has not the slots of the released one, or the folder cannot be written.
        """
        name = released.partition("@")[0]
        wanted = slots_of(str(read_prompt(released)))
        try:
            slots = slots_of(text)
        except ValueError as error:
            raise InputError(f"The prompt's braces do not close ({error}).") from None
        if slots != wanted:
            raise InputError(f"The prompt has the slots {sorted(slots)} instead of {sorted(wanted)}.")
        identity = _identity(name, text)
        self._write(self._folder / name / f"{identity.partition('@')[2]}.md", text)
        return identity

    def point_to(self, identity: str, released: str) -> ActivePrompt:
        """Use a version.

        Raises:
            NotFoundError: there is no such version.
        """
        self.read(identity)
        if identity.partition("@")[0] != released.partition("@")[0]:
            raise NotFoundError(f"{identity} is no version of {released.partition('@')[0]}.")
        name, old = identity.partition("@")[0], self.active(released)
        previous = old.identity if old.identity != identity else old.previous
        pointers = self._pointers() | {name: ActivePrompt(identity=identity, previous=previous)}
        self._write(self._folder / _POINTERS, json.dumps({key: one.model_dump() for key, one in pointers.items()}))
        return pointers[name]

    def known(self, released: str) -> list[str]:
        """Every version of the prompt, released ones first."""
        name = released.partition("@")[0]
        own = sorted(path.stem for path in (self._folder / name).glob("local-*.md"))
        return [*(one for one in read_lock() if one.startswith(f"{name}@")), *(f"{name}@{one}" for one in own)]

    def _pointers(self) -> dict[str, ActivePrompt]:
        try:
            rows = json.loads((self._folder / _POINTERS).read_text(encoding="utf-8"))
            return {str(name): ActivePrompt.model_validate(row) for name, row in rows.items()}
        except (OSError, ValueError, AttributeError, ValidationError):
            return {}  # the released prompt is always there

    def _write(self, path: Path, text: str) -> None:
        temporary = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            os.replace(temporary, path)
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror}).", where=str(path)) from error


def _identity(name: str, text: str) -> str:
    return f"{name}@local-{sha256(text.encode()).hexdigest()[:8]}"
