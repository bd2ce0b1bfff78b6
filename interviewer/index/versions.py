"""Index versions on disk: one folder per manifest, never changed once it is there, and a pointer to the active one."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from interviewer.errors import IndexBrokenError, IndexBusyError, IndexUnavailableError, NotFoundError
from interviewer.index.contents import write_durably
from interviewer.manifest import Manifest
from interviewer.noun import Noun

RECORD = "manifest.json"
CHROMA = "chroma"
KEPT = 3
_ACTIVE, _LOCK, _BUILDING = "ACTIVE", ".lock", ".building-"


class Release(Noun):
    """What `manifest.json` of a folder says.

    `files` maps each file of the folder to its SHA-256; `nonce` names the canary; `created_at` in seconds since 1970.
    """

    manifest: Manifest
    titles: dict[int, str]
    chunks: int
    nonce: str
    created_at: float
    files: dict[str, str]


class Active(Noun):
    """The pointer: which digest is in use, which one was before, and whether a person chose it.

    A pinned version stays in use although the corpus or a version of ours has changed, until the next build.
    """

    digest: str
    previous: str | None = None
    pinned: bool = False


class Versions:
    """The indexes under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, digest: str) -> Path:
        return self.root / digest

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Be the only one who builds, activates or deletes.

        Raises:
            IndexBusyError: another process is at it.
            IndexUnavailableError: the folder cannot be written.
        """
        path = self.root / _LOCK
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, timeout=0, mode=0o600)
            lock.acquire()
        except Timeout:
            raise IndexBusyError(
                "another process is building or switching indexes.", where=str(path), next_step="Wait and try again."
            ) from None
        except OSError as error:
            raise IndexUnavailableError(
                f"cannot be written ({error.strerror}).", where=str(self.root), next_step="Set INTERVIEWER_DATA_DIR."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def active(self) -> Active | None:
        """The pointer; None when there is none that can be read."""
        try:
            return Active.model_validate_json((self.root / _ACTIVE).read_bytes())
        except (OSError, ValidationError):
            return None

    def release(self, digest: str) -> Release:
        """The record of a version.

        Raises:
            NotFoundError: there is no such version.
            IndexBrokenError: its record does not parse, or is that of another version.
        """
        path = self.folder(digest) / RECORD
        if not digest or not path.is_file():
            raise NotFoundError(
                f"There is no index {digest!r}.", where=str(self.root), next_step="`interviewer index list` shows them."
            )
        try:
            release = Release.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise IndexBrokenError("does not parse.", where=str(path)) from error
        if release.manifest.digest != digest:
            raise IndexBrokenError(f"is the record of {release.manifest.digest}.", where=str(path))
        return release

    def verify(self, digest: str) -> Release:
        """The record of a version whose every file has the hash that it had when it was checked.

        Raises:
            NotFoundError: there is no such version.
            IndexBrokenError: a file is missing, added or changed; names it.
        """
        release = self.release(digest)
        found = hash_files(self.folder(digest))
        names = found.keys() | release.files.keys()
        wrong = sorted(name for name in names if found.get(name) != release.files.get(name))
        if wrong:
            raise IndexBrokenError(f"{wrong[0]} is missing or not as it was built.", where=str(self.folder(digest)))
        return release

    def releases(self) -> list[Release]:
        """Every version whose record can be read, newest first."""
        found = []
        for path in self.root.glob(f"*/{RECORD}"):
            try:
                found.append(self.release(path.parent.name))
            except (IndexBrokenError, NotFoundError):
                continue
        return sorted(found, key=lambda release: (release.created_at, release.manifest.digest), reverse=True)

    def new_folder(self, nonce: str) -> Path:
        """An empty folder to build in; left-overs of builds that died are removed. Hold `writer`."""
        for left_over in self.root.glob(f"{_BUILDING}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        folder = self.root / f"{_BUILDING}{nonce}"
        folder.mkdir(parents=True)
        return folder

    def install(self, built: Path, release: Release) -> None:
        """Put a built folder in its place (a damaged one of the same digest goes) and make it active. Hold `writer`."""
        write_durably(built / RECORD, (release.model_dump_json() + "\n").encode())
        target = self.folder(release.manifest.digest)
        if target.exists():
            target.rename(self.root / f"{_BUILDING}old-{release.nonce}")
        built.rename(target)
        shutil.rmtree(self.root / f"{_BUILDING}old-{release.nonce}", ignore_errors=True)
        self.point_to(release.manifest.digest, pinned=False)
        self._prune()

    def point_to(self, digest: str, *, pinned: bool) -> Active:
        """Make a version active, in one rename. Hold `writer`."""
        old = self.active()
        previous = old.digest if old and old.digest != digest else old.previous if old else None
        active = Active(digest=digest, previous=previous, pinned=pinned)
        temporary = self.root / f"{_ACTIVE}.new"
        write_durably(temporary, (json.dumps(active.model_dump()) + "\n").encode())
        os.replace(temporary, self.root / _ACTIVE)
        _sync_folder(self.root)
        return active

    def _prune(self) -> None:
        """Keep the newest `KEPT`, the active and the previous version."""
        active = self.active()
        kept = {active.digest, active.previous} if active else set()
        for release in self.releases()[KEPT:]:
            if release.manifest.digest not in kept:
                shutil.rmtree(self.folder(release.manifest.digest), ignore_errors=True)


def hash_files(folder: Path) -> dict[str, str]:
    """Relative name -> SHA-256 of every file in a folder but the record."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RECORD)
    try:
        return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}
    except OSError as error:
        raise IndexBrokenError(f"cannot be read ({error.strerror}).", where=str(folder)) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
