"""Numbers about one criterion and the windows of a transcript; the embedded judge's model is linear in them."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interviewer.grading.bank import Examples
from interviewer.grading.sentences import Sentence
from interviewer.grading.words import content_stems, words
from interviewer.models.embedder import Vectors

Row = NDArray[np.float64]

# Cues of negation and rejection (English); they turn "I would check the schema" round.
_REJECTION = re.compile(
    r"\b(?:not|never|no need|skip|instead of|rather than|without|no point|useless|waste|hardly|ignore|forget|nobody"
    r"|cannot|refuse|against)\b|n't\b",
    re.IGNORECASE,
)
# Texts of the rubric count in the best window only: over all windows they pull verdicts the wrong way.
# Nothing here grows with the length of the talk: a short answer is judged by what it says, not for being short.
FEATURES = (
    "met", "met_3", "near", "near_3", "partial", "bullet", "centroid", "coverage", "margin", "rejected", "question",
    "length", "prior", "met_best", "near_best", "centroid_best", "contrast_best",
    "cover", "centroid_gap", "statement", "own",
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """One sentence, or two neighbours of one turn."""

    sentences: tuple[Sentence, ...]
    text: str


@dataclass(frozen=True)
class Windows:
    """The windows of a transcript with their unit vectors, shape (n, dim)."""

    windows: tuple[Window, ...]
    vectors: Vectors
    stems: tuple[frozenset[str], ...]
    rejected: Row
    question: Row
    length: Row


@dataclass(frozen=True)
class Material:
    """What one criterion brings: examples, vectors of its texts, and the stems of its bullet with their idf."""

    criterion: str
    examples: Examples
    bullet: NDArray[np.float32]
    statement: NDArray[np.float32]
    own: Vectors
    idf: Mapping[str, float]


def build_windows(sentences: Sequence[Sentence], vectors: Vectors) -> Windows:
    """Single sentences, and neighbours of one turn as renormalised sums: embedding pairs anew would cost double."""
    found: list[Window] = []
    rows = []
    for place, one in enumerate(sentences):
        found.append(Window((one,), one.text))
        rows.append(vectors[place])
        if place + 1 < len(sentences) and sentences[place + 1].turn == one.turn:
            pair = vectors[place] + vectors[place + 1]
            found.append(Window((one, sentences[place + 1]), f"{one.text} {sentences[place + 1].text}"))
            rows.append(pair / max(float(np.linalg.norm(pair)), 1e-9))
    return Windows(
        windows=tuple(found),
        vectors=np.stack(rows) if rows else np.zeros((0, vectors.shape[1]), np.float32),
        stems=tuple(frozenset(content_stems(one.text)) for one in found),
        rejected=np.array([bool(_REJECTION.search(one.text)) for one in found], float),
        question=np.array(["?" in one.text for one in found], float),
        length=np.array([math.log(len(words(one.text)) + 1) for one in found], float),
    )


def describe(windows: Windows, materials: Sequence[Material]) -> list[tuple[Row, int]]:
    """Per criterion the features (in the order of `FEATURES`) and the index of its best window.

    All criteria of a section of talk are described together, since what fits a rival better fits this one less.
    """
    met = np.stack([_best(windows.vectors, one.examples.met) for one in materials], axis=1)
    return [_describe(windows, one, met, place) for place, one in enumerate(materials)]


def _describe(windows: Windows, material: Material, met: Row, place: int) -> tuple[Row, int]:
    vectors, examples = windows.vectors, material.examples
    mine = met[:, place]
    met_3 = _mean_of_best(vectors, examples.met)
    near, near_3 = _best(vectors, examples.near), _mean_of_best(vectors, examples.near)
    centroid = vectors @ _centroid(examples.met)
    bullet, statement = vectors @ material.bullet, vectors @ material.statement
    own = _best(vectors, material.own)
    coverage = np.array([_coverage(material.idf, stems) for stems in windows.stems])
    contrast = met_3 - 0.5 * near_3
    ranking = contrast + 0.3 * centroid
    best = int(np.argmax(ranking))
    values = {
        "met": mine[best], "met_3": met_3[best], "near": near[best], "near_3": near_3[best],
        "partial": _best(vectors, examples.partial)[best], "bullet": bullet[best], "centroid": centroid[best],
        "coverage": coverage[best], "margin": _margin(met[best], place), "rejected": windows.rejected[best],
        "question": windows.question[best], "length": windows.length[best], "prior": examples.prior,
        "met_best": mine.max(), "near_best": near.max(),
        "centroid_best": centroid.max(), "contrast_best": contrast.max(),
        "cover": float(".cover." in material.criterion), "centroid_gap": centroid.max() - centroid[best],
        "statement": statement[best], "own": own[best],
    }  # fmt: skip
    return np.array([values[name] for name in FEATURES], float), best


def _margin(row: Row, place: int) -> float:
    """How much better a window fits this criterion than the best rival; negative where a rival fits better."""
    rivals = np.delete(row, place)
    return float(row[place] - rivals.max()) if len(rivals) else float(row[place])


def _best(vectors: Vectors, examples: Vectors) -> Row:
    """Largest cosine of each window to any example, shape (n,); 0 where there are no examples."""
    best: Row = (vectors @ examples.T).max(axis=1) if len(examples) else np.zeros(len(vectors))
    return best


def _mean_of_best(vectors: Vectors, examples: Vectors, count: int = 3) -> Row:
    if not len(examples):
        return np.zeros(len(vectors))
    mean: Row = np.sort(vectors @ examples.T, axis=1)[:, -count:].mean(axis=1)
    return mean


def _centroid(examples: Vectors) -> NDArray[np.float32]:
    middle = examples.mean(axis=0)
    unit: NDArray[np.float32] = middle / max(float(np.linalg.norm(middle)), 1e-9)
    return unit


def _coverage(idf: Mapping[str, float], stems: frozenset[str]) -> float:
    """Share in [0, 1] of the idf weight of the bullet's words that stand in the window."""
    total = sum(idf.values())
    return sum(weight for stem, weight in idf.items() if stem in stems) / total if total else 0.0
