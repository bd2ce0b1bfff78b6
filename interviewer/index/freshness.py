"""Whether an index is that of the corpus as it is now, and its vectors those of the embedder that asks."""

from collections.abc import Sequence
from typing import Literal

from interviewer.errors import IndexBrokenError, InterviewerError, NotFoundError
from interviewer.index.chroma import ChromaStore
from interviewer.index.contents import OUTSIDE, Contents, Entry, is_bullet, load_entries, load_vectors
from interviewer.index.recipe import Recipe
from interviewer.index.versions import CHROMA, Release, Versions
from interviewer.models.embedder import Embedder
from interviewer.noun import Noun

SAMPLED = 24
AGREEING = 0.97  # mean cosine of stored vectors to fresh ones; the same model in fewer bits gives more
LATEST_S = 3600.0  # how long an index may lag behind the corpus
State = Literal["fresh", "stale", "missing", "damaged"]


class Freshness(Noun):
    """How far an index is behind the corpus.

    `matching`: share of the corpus's passages that the index has, word for word, in [0, 1]; `tombstones`: passages
    that can be found and are no longer in the corpus; `lag_s`: seconds since the corpus became another, 0 while it is
    not; `canary`: whether a vector query finds the nonce of the build (counting rows would not tell); `says` is the
    sentence to show.
    """

    state: State
    digest: str = ""
    matching: float = 0.0
    tombstones: int = 0
    lag_s: float = 0.0
    canary: bool = False
    embedder: str = ""
    says: str = ""

    @property
    def holds(self) -> bool:
        """Whether the objective is met: everything matches, nothing is left over, and the canary is found."""
        return self.state == "fresh"


def check_freshness(versions: Versions, recipe: Recipe, now: float) -> Freshness:
    """The index in use against the corpus, at a time in seconds since 1970; never raises for an index in bad state.

    Raises:
        DrillError, PhrasingsError: the corpus itself has a fault.
    """
    active = versions.active()
    if active is None:
        return Freshness(state="missing", says="There is no index yet; the first search builds it.")
    try:
        release = versions.verify(active.digest)
        canary = _finds_canary(versions, release)
        folder = versions.folder(active.digest)
        entries = load_entries(folder)
        contents = Contents(entries, load_vectors(folder, entries), release.titles)
    except (IndexBrokenError, NotFoundError) as error:
        return Freshness(state="damaged", digest=active.digest, says=f"The index is damaged ({error})")
    wanted = recipe.entries()[0]
    have, want = _texts(entries), _texts(wanted)
    mismatch = _embedder_fault(contents, recipe.embedder)
    stale = find_staleness(entries, wanted)
    changed = recipe.corpus.stat().st_mtime
    lag_s = max(0.0, now - max(changed, release.created_at)) if stale else 0.0
    faults = [stale, mismatch, "" if canary else "a vector query does not find the canary of the build."]
    says = " ".join(one[0].upper() + one[1:] for one in faults if one)
    return Freshness(
        state="stale" if stale or mismatch else "fresh" if canary else "damaged",
        digest=active.digest,
        matching=len(want & have) / len(want) if want else 1.0,
        tombstones=len(have - want),
        lag_s=lag_s,
        canary=canary,
        embedder=mismatch,
        says=says or "The index is that of the corpus.",
    )


def _texts(entries: Sequence[Entry]) -> set[str]:
    return {one.chunk.text for one in entries}


def _finds_canary(versions: Versions, release: Release) -> bool:
    """Ask Chroma, collection by collection, for the vector that stands for the nonce of the build."""
    store = ChromaStore(versions.folder(release.manifest.digest) / CHROMA)
    try:
        dim = release.manifest.embedder.dim
        return all(store.search(name).finds_canary(release.nonce, dim) for name in ("public", "key", OUTSIDE))
    except IndexBrokenError:
        return False
    finally:
        store.close()


def _embedder_fault(contents: Contents, embedder: Embedder) -> str:
    try:
        return find_embedder_fault(contents, embedder)
    except InterviewerError as error:
        return f"the embedder cannot be used ({error})"


def find_staleness(entries: Sequence[Entry], wanted: Sequence[Entry]) -> str:
    """What of the corpus is not in the index, and what of the index no longer in the corpus, in a sentence; empty when
    it is fresh.

    Compared by text, so that a rebuilt, reordered or reformatted index is fresh, and an index of the right hash with
    the wrong texts is not.
    """
    have, want = _texts(entries), _texts(wanted)
    missing, tombstones = len(want - have), len(have - want)
    if not missing and not tombstones:
        return ""
    return f"{missing} passages of the corpus are not in the index, {tombstones} of the index not in the corpus."


def find_embedder_fault(contents: Contents, embedder: Embedder) -> str:
    """Why the vectors of an index cannot be asked with an embedder, in a sentence; empty when they can.

    Chroma takes vectors of any model of the right size. Learnt vectors of bullets are nobody's and are left out.
    """
    if contents.vectors.shape[1] != embedder.dim:
        return f"the index has vectors of {contents.vectors.shape[1]} numbers, the embedder gives {embedder.dim}."
    rows = [row for row, one in enumerate(contents.entries) if not is_bullet(one.chunk)]
    rows = rows[:: max(1, len(rows) // SAMPLED)][:SAMPLED]
    if not rows:
        return ""
    fresh = embedder.embed([contents.entries[row].chunk.text for row in rows])
    agreement = float((fresh * contents.vectors[rows]).sum(axis=1).mean())
    if agreement >= AGREEING:
        return ""
    return f"the vectors of the index are not those of {embedder.identity} (mean cosine {agreement:.2f})."
