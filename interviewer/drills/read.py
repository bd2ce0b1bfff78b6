"""Drill documents from disk."""

from hashlib import sha256
from pathlib import Path

from interviewer.drills.parse import parse_drills
from interviewer.errors import DrillError
from interviewer.scenario import DrillDocument

MAX_BYTES = 5_000_000


def read_drills(path: Path) -> DrillDocument:
    """The drill document in a file (UTF-8, with or without a byte order mark).

    Raises:
        DrillError: the file cannot be read, is too large, is not UTF-8, or does not parse.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DrillError(f"It cannot be read ({error.strerror}).", path=path, expected="a readable file") from error
    if len(content) > MAX_BYTES:
        raise DrillError(f"It is larger than {MAX_BYTES} bytes.", path=path, expected="a drill document")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DrillError("It is not UTF-8.", path=path, line=line, expected="text saved as UTF-8") from error
    return parse_drills(text, str(path)).model_copy(update={"sha256": sha256(content).hexdigest()})
