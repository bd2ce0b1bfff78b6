"""Released wording, read and verified.

A prompt is `NAME/VERSION.yaml` (or `.md`) here; `NAME@VERSION` is its identity. `PROMPTS.lock` pins the SHA-256 of
each: a released file is never edited in place, a change is a new version beside it.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from interviewer.errors import InputError, ShippedDataError
from interviewer.shipped import read_verified
from interviewer.yaml_file import read_yaml

FOLDER = Path(__file__).resolve().parent
LOCK = FOLDER / "PROMPTS.lock"


def prompt_path(identity: str) -> Path:
    """File of `NAME@VERSION`.

    Raises:
        ShippedDataError: there is none.
    """
    name, _, version = identity.partition("@")
    for suffix in (".yaml", ".md"):
        path = FOLDER / name / f"{version}{suffix}"
        if path.is_file():
            return path
    raise ShippedDataError(f"The prompt {identity} is missing.", next_step="Install the package again.")


def read_lock(path: Path = LOCK) -> dict[str, str]:
    """Identity -> SHA-256 in hex, as pinned."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ShippedDataError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    pairs = [line.split() for line in lines if line.strip()]
    return {identity: digest for digest, identity in pairs}


def render_lock() -> str:
    """What PROMPTS.lock should say for the files that are here, sorted by identity."""
    paths = sorted(path for path in FOLDER.glob("*/*") if path.suffix in (".yaml", ".md"))
    rows = [f"{sha256(path.read_bytes()).hexdigest()}  {path.parent.name}@{path.stem}" for path in paths]
    return "".join(f"{row}\n" for row in rows)


def read_prompt(identity: str) -> Any:
    """Plain data of a YAML prompt, or the text of a Markdown one.

    Raises:
        ShippedDataError: it is missing, not pinned, or not the file that was pinned.
    """
    path = prompt_path(identity)
    pinned = read_lock().get(identity)
    if pinned is None:
        raise ShippedDataError(f"The prompt {identity} is not in PROMPTS.lock.", where=str(path))
    content = read_verified(path, pinned)
    return content.decode("utf-8") if path.suffix == ".md" else read_yaml(path, InputError)
