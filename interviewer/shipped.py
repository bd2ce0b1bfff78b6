"""Where the files that ship with the package are: in a wheel under `_data/`, in a checkout at the top level."""

from hashlib import sha256
from pathlib import Path

from interviewer.errors import ShippedDataError

_PACKAGE = Path(__file__).resolve().parent


def shipped_path(relative: str) -> Path:
    """Path of a shipped file or folder such as `corpus/mlops_drills.txt`, `rubrics`, `evals/rag`.

    Raises:
        ShippedDataError: it is in neither place.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        path = root / relative
        if path.exists():
            return path
    raise ShippedDataError(
        f"{relative} is missing from the installation.", next_step="Install the package again, or use a whole checkout."
    )


def read_verified(path: Path, expected_sha256: str) -> bytes:
    """Bytes of a shipped file whose hash is pinned.

    Raises:
        ShippedDataError: the file is missing or its SHA-256 differs.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ShippedDataError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    if sha256(content).hexdigest() != expected_sha256:
        raise ShippedDataError(
            "its SHA-256 is not the pinned one.", where=str(path), next_step="Install the package again."
        )
    return content
