"""Whether an index is that of the corpus as it is now, and its vectors those of the embedder that asks."""

from collections.abc import Sequence

from interviewer.index.contents import Contents, Entry, is_bullet
from interviewer.models.embedder import Embedder

SAMPLED = 24
AGREEING = 0.97  # mean cosine of stored vectors to fresh ones; the same model in fewer bits gives more


def find_staleness(entries: Sequence[Entry], wanted: Sequence[Entry]) -> str:
    """What of the corpus is not in the index, and what of the index no longer in the corpus, in a sentence; empty:
    fresh.

    Compared by text, so that a rebuilt, reordered or reformatted index is fresh, and an index of the right hash with
    the
    wrong texts is not.
    """
    have, want = {one.chunk.text for one in entries}, {one.chunk.text for one in wanted}
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
