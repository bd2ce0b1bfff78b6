"""Numbers about a criterion that training never saw, in the retrieval encoder's space: its texts against each window.

A new rubric starts here: what its author wrote is all that is known of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interviewer.grading.fits import Row, Vectors
from interviewer.grading.sentences import Sentence
from interviewer.grading.shared_words import Shares, margin
from interviewer.grading.tuned import Texts
from interviewer.grading.windows import Window

SPACE_FEATURES = (
    "accepted_3", "near_miss", "bullet", "statement", "rank_margin", "centroid", "centroid_margin", "most_centroid",
    "most_contrast",
)  # fmt: skip


@dataclass(frozen=True)
class Material:
    """Unit vectors of a criterion's texts: `accepted`, `near` of shape (n, dim), the others of shape (dim,)."""

    accepted: Vectors
    near: Vectors
    bullet: NDArray[np.float32]
    statement: NDArray[np.float32]
    centroid: NDArray[np.float32]


def texts_to_embed(texts: Texts) -> tuple[str, ...]:
    """Bullet with its section, statement, accepted phrasings (the statement where there are none), near misses."""
    accepted = texts.accepted or (texts.statement,)
    return (f"{texts.section}. {texts.bullet}", texts.statement, *accepted, *texts.near_misses)


def make_material(texts: Texts, vectors: Vectors) -> Material:
    """The material of a criterion from the vectors of `texts_to_embed`."""
    own = 2 + len(texts.accepted or (texts.statement,))
    return Material(
        accepted=vectors[2:own],
        near=vectors[own:],
        bullet=vectors[0],
        statement=vectors[1],
        centroid=_unit(vectors[:own].mean(axis=0)),
    )


def window_vectors(windows: Sequence[Window], sentences: Mapping[Sentence, NDArray[np.float32]]) -> Vectors:
    """Unit vectors, shape (n, dim); pairs as renormalised sums, since embedding them anew would cost double."""
    return _unit(np.stack([np.sum([sentences[one] for one in window.sentences], axis=0) for window in windows]))


def describe_unseen(vectors: Vectors, materials: Sequence[Material], shares: Sequence[Shares]) -> list[tuple[Row, int]]:
    """Per criterion the numbers, in the order of `SPACE_FEATURES`, of the window that ranks first, and its index.

    All criteria of a section of talk are described together, since what fits a rival better fits this one less.
    """
    columns = [_columns(vectors, one, words) for one, words in zip(materials, shares, strict=True)]
    rank = np.stack([one["rank"] for one in columns], axis=1)
    centroid = np.stack([one["centroid"] for one in columns], axis=1)
    found = []
    for place, one in enumerate(columns):
        best = int(np.argmax(rank[:, place]))
        values = {
            **{name: column[best] for name, column in one.items()},
            "rank_margin": margin(rank[best], place),
            "centroid_margin": margin(centroid[best], place),
            "most_centroid": one["centroid"].max(),
            "most_contrast": (one["accepted_3"] - 0.5 * one["near_miss"]).max(),
        }
        found.append((np.array([values[name] for name in SPACE_FEATURES], float), best))
    return found


def _columns(vectors: Vectors, material: Material, words: Shares) -> dict[str, Row]:
    """Numbers of every window, shape (n,) each."""
    accepted = np.sort(vectors @ material.accepted.T, axis=1)[:, -3:].mean(axis=1).astype(float)
    near = (vectors @ material.near.T).max(axis=1).astype(float) if len(material.near) else np.zeros(len(vectors))
    bullet, statement, centroid = (
        (vectors @ one).astype(float) for one in (material.bullet, material.statement, material.centroid)
    )
    rank = accepted + 0.5 * (bullet + statement - near) + words.rank
    return {
        "accepted_3": accepted, "near_miss": near, "bullet": bullet, "statement": statement, "centroid": centroid,
        "rank": rank,
    }  # fmt: skip


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit
