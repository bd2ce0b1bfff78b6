"""Building an index: in a temporary folder, checked in another process, then put in place with one rename."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from interviewer.errors import IndexBrokenError, NotFoundError
from interviewer.index.child import run_child
from interviewer.index.contents import Contents, save_contents
from interviewer.index.recipe import Recipe
from interviewer.index.versions import Release, Versions, hash_files
from interviewer.manifest import Manifest


class Built(NamedTuple):
    """`fresh` is False when the version was there already and is sound."""

    release: Release
    fresh: bool


class Stamp(NamedTuple):
    """What makes a build distinct from another of the same manifest: seconds since 1970 and random hex digits."""

    now: float
    nonce: str


Tell = Callable[[str], None]


def tell_nobody(sentence: str) -> None:
    """For those who do not want to know."""


def build_index(
    versions: Versions, recipe: Recipe, stamp: Stamp, *, force: bool = False, tell: Tell = tell_nobody
) -> Built:
    """Build the index of a recipe and make it active; one that is there and sound is only made active.

    `tell` is given a sentence at each step.

    Raises:
        DrillError, PhrasingsError: a source has a fault.
        IndexBusyError: another process is building.
        IndexBrokenError: the new index failed its check, and was not put in place.
    """
    manifest = recipe.manifest()
    with versions.writer():
        present = None if force else _sound(versions, manifest.digest)
        if present:
            versions.point_to(manifest.digest, pinned=False)
            return Built(present, fresh=False)
        tell("Reading and embedding the document")
        contents = recipe.contents()
        folder = versions.new_folder(stamp.nonce)
        files = _fill(folder, contents, stamp.nonce, tell)
        release = _record(manifest, contents, stamp, files)
        versions.install(folder, release)
    return Built(release, fresh=True)


def _fill(folder: Path, contents: Contents, nonce: str, tell: Tell) -> dict[str, str]:
    save_contents(folder, contents)
    tell(f"Writing {len(contents.entries)} chunks to Chroma, and checking them in a process of its own")
    run_child("build", folder, nonce)
    return hash_files(folder)


def _record(manifest: Manifest, contents: Contents, stamp: Stamp, files: dict[str, str]) -> Release:
    return Release(
        manifest=manifest,
        titles=contents.titles,
        chunks=len(contents.entries),
        nonce=stamp.nonce,
        created_at=stamp.now,
        files=files,
    )


def _sound(versions: Versions, digest: str) -> Release | None:
    try:
        return versions.verify(digest)
    except (NotFoundError, IndexBrokenError):
        return None
