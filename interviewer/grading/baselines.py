"""Judges to be better than: the majority class, BM25, idf coverage of the words, cosine of the sentence.

Their thresholds and word weights come from evals/gold/train (tools/fit_baselines.py): other sets are new to them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from interviewer.grading.sentences import candidate_sentences
from interviewer.grading.words import content_stems, read_idf
from interviewer.index.lexical import Bm25
from interviewer.models.embedder import Embedder
from interviewer.noun import Noun
from interviewer.transcript import Transcript
from interviewer.verdict import Label

NAMES = ("majority", "bm25", "idf_coverage", "cosine")
THRESHOLDS = Path(__file__).with_name("assets") / "baselines-1.json"

Scorer = Callable[[Sequence[str]], Sequence[float]]
"""Takes the texts of the criteria, gives the best score that any sentence of the transcript has for each."""


class Cut(Noun):
    """Scores from `met_from` on are met, from `partial_from` on partial."""

    met_from: float
    partial_from: float

    def label(self, score: float) -> Label:
        return "met" if score >= self.met_from else "partial" if score >= self.partial_from else "not_met"


def read_cuts() -> dict[str, Cut]:
    return {name: Cut(**cut) for name, cut in json.loads(THRESHOLDS.read_text(encoding="utf-8")).items()}


def score_transcript(
    name: str, transcript: Transcript, texts: Sequence[str], embedder: Embedder, idf: Mapping[str, float] | None = None
) -> list[float]:
    """Score of each criterion text in one transcript by the named baseline; larger is more likely met.

    `idf` of stems: the fitted ones where none are given.
    """
    sentences = [one.text for one in candidate_sentences(transcript)]
    if name == "majority" or not sentences:
        return [0.0] * len(texts)
    scorers: dict[str, Callable[[], list[float]]] = {
        "bm25": lambda: _bm25(sentences, texts),
        "idf_coverage": lambda: _idf_coverage(sentences, texts, read_idf() if idf is None else idf),
        "cosine": lambda: _cosine(sentences, texts, embedder),
    }
    return scorers[name]()


def _bm25(sentences: Sequence[str], texts: Sequence[str]) -> list[float]:
    ranker = Bm25(sentences)
    return [float(ranker.scores(text).max()) / max(len(content_stems(text)), 1) for text in texts]


def _idf_coverage(sentences: Sequence[str], texts: Sequence[str], idf: Mapping[str, float]) -> list[float]:
    rarest = max(idf.values())
    said = [frozenset(content_stems(one)) for one in sentences]
    best = []
    for text in texts:
        weights = {stem: idf.get(stem, rarest) for stem in content_stems(text)}
        total = sum(weights.values()) or 1.0
        best.append(max(sum(weight for stem, weight in weights.items() if stem in one) / total for one in said))
    return best


def _cosine(sentences: Sequence[str], texts: Sequence[str], embedder: Embedder) -> list[float]:
    return [float(value) for value in np.max(embedder.embed(sentences) @ embedder.embed(texts).T, axis=0)]
