"""Opening the index that belongs to the files as they are now: built when it must be, replaced by less when it fails.

The chain: Chroma, the index that was in use before, exact search over the stored vectors, exact search over vectors
made now, search by words alone. Each step down is said in `Opened.reduced`. Below it stands no search at all: a drill
is chosen from the list (`wiring.open_topic_finder`); and where the document does not hold what a rubric asks for,
nothing is graded (`Grader.grade`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from interviewer.errors import IndexBrokenError, IndexUnavailableError, NotFoundError, ShippedDataError
from interviewer.index.build import Stamp, Tell, build_index, tell_nobody
from interviewer.index.child import group_entries
from interviewer.index.chroma import ChromaStore
from interviewer.index.contents import Contents, load_entries, load_vectors
from interviewer.index.exact import ExactSearch, VectorSearch
from interviewer.index.recipe import Recipe
from interviewer.index.retriever import ContextRetriever, KeyRetriever, Opened, PublicRetriever, only_public
from interviewer.index.versions import CHROMA, Release, Versions
from interviewer.manifest import Manifest

Engine = Literal["chroma", "exact"]


class Ways(NamedTuple):
    """How to open: which engine, what to stamp a build with, whom to tell what goes on."""

    engine: Engine
    stamp: Stamp
    tell: Tell = tell_nobody


def open_public_retriever(versions: Versions, recipe: Recipe, ways: Ways) -> PublicRetriever:
    """The interviewer's search; see `open_index`."""
    return PublicRetriever(only_public(open_index(versions, recipe, ways)), recipe.embedder)


def open_key_retriever(versions: Versions, recipe: Recipe, ways: Ways) -> KeyRetriever:
    """The search of grading, coaches and evaluation; see `open_index`."""
    return KeyRetriever(open_index(versions, recipe, ways), recipe.embedder)


def open_context_retriever(versions: Versions, recipe: Recipe, ways: Ways) -> ContextRetriever:
    """The search of whoever answers out of the document; see `open_index`."""
    return ContextRetriever(open_index(versions, recipe, ways), recipe.embedder)


def open_index(versions: Versions, recipe: Recipe, ways: Ways) -> Opened:
    """The index of a recipe, whatever state the disk is in.

    A version that a person chose (`index activate`, `index rollback`) is used as it is, with a note.

    Raises:
        DrillError, PhrasingsError: a source has a fault.
    """
    return _open_index(versions, recipe, ways)._replace(ranking=recipe.ranking)


def _open_index(versions: Versions, recipe: Recipe, ways: Ways) -> Opened:
    try:
        manifest = recipe.manifest()
    except ShippedDataError as error:
        return _open_words(recipe, "none", f"The embedder cannot be used ({error}); search is by words alone.")
    pinned = _pinned(versions, manifest)
    if pinned:
        return _open_pinned(versions, recipe, pinned, manifest, ways.engine)
    try:
        return _open_version(versions, _ensure(versions, recipe, manifest, ways), ways.engine)
    except IndexUnavailableError as error:
        return _open_without_build(versions, recipe, manifest, ways.engine, str(error))


def _pinned(versions: Versions, manifest: Manifest) -> Release | None:
    """The sound version that a person chose instead of the one that belongs to the files."""
    active = versions.active()
    if active is None or not active.pinned or active.digest == manifest.digest:
        return None
    try:
        return versions.verify(active.digest)
    except (NotFoundError, IndexBrokenError):
        return None


def _ensure(versions: Versions, recipe: Recipe, manifest: Manifest, ways: Ways) -> Release:
    active = versions.active()
    if active and active.digest == manifest.digest:
        try:
            return versions.verify(manifest.digest)
        except (NotFoundError, IndexBrokenError) as error:
            ways.tell(f"The index is damaged and is built again ({error})")
    return build_index(versions, recipe, ways.stamp, tell=ways.tell).release


def _open_pinned(versions: Versions, recipe: Recipe, release: Release, manifest: Manifest, engine: Engine) -> Opened:
    digest, changed = release.manifest.digest, ", ".join(release.manifest.differences(manifest))
    note = f"Index {digest} was chosen by hand and differs in: {changed}; `interviewer index build` ends that."
    if release.manifest.embedder != manifest.embedder:
        entries = load_entries(versions.folder(digest))
        return Opened(entries, release.titles, {}, "bm25", digest, f"{note} Its vectors are not ours: words alone.")
    return _open_version(versions, release, engine)._replace(reduced=note)


def _open_version(versions: Versions, release: Release, engine: Engine) -> Opened:
    folder, digest = versions.folder(release.manifest.digest), release.manifest.digest
    entries = load_entries(folder)
    contents = Contents(entries, load_vectors(folder, entries), release.titles)
    if engine == "exact":
        return _open_exact(contents, digest, "")
    try:
        return Opened(entries, release.titles, _chroma_searches(folder, contents), "chroma", digest)
    except IndexBrokenError as error:
        return _open_exact(contents, digest, f"Chroma cannot be used ({error}); search is exact instead.")


def _chroma_searches(folder: Path, contents: Contents) -> Mapping[str, VectorSearch]:
    store = ChromaStore(folder / CHROMA)
    return {group.name: store.search(group.name) for group in group_entries(contents)}


def _open_exact(contents: Contents, digest: str, reduced: str) -> Opened:
    searches = {group.name: ExactSearch(group.ids, group.vectors) for group in group_entries(contents)}
    return Opened(contents.entries, contents.titles, searches, "exact", digest, reduced)


def _open_without_build(versions: Versions, recipe: Recipe, manifest: Manifest, engine: Engine, why: str) -> Opened:
    """What is left when the index can neither be used nor built."""
    note = f"No index could be built ({why})"
    before = _find_previous(versions, manifest)
    if before and engine == "chroma":
        opened = _open_version(versions, before, "chroma")
        if opened.engine == "chroma":
            changed = ", ".join(before.manifest.differences(manifest))
            said = f"{note}; index {opened.manifest}, in use before, answers. It differs in: {changed}."
            return opened._replace(reduced=said)
    folder = versions.folder(manifest.digest)
    try:
        release, entries = versions.release(manifest.digest), load_entries(folder)
        contents = Contents(entries, load_vectors(folder, entries), release.titles)
        return _open_exact(contents, manifest.digest, f"{note}; search is exact over the stored vectors.")
    except (NotFoundError, IndexBrokenError):
        pass  # nothing of it is left on disk: make it now
    try:
        return _open_exact(recipe.contents(), manifest.digest, f"{note}; search is exact over vectors made just now.")
    except ShippedDataError:
        return _open_words(recipe, manifest.digest, f"{note}; search is by words alone.")


def _find_previous(versions: Versions, manifest: Manifest) -> Release | None:
    """The newest sound version of another time, with vectors that our embedder can ask."""
    for release in versions.releases():
        if release.manifest.digest != manifest.digest and release.manifest.embedder == manifest.embedder:
            try:
                return versions.verify(release.manifest.digest)
            except (NotFoundError, IndexBrokenError):
                continue
    return None


def _open_words(recipe: Recipe, digest: str, reduced: str) -> Opened:
    entries, titles = recipe.entries()
    return Opened(entries, titles, {}, "bm25", digest, reduced)
