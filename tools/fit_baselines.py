"""Maintainer's script: weighs words and chooses the thresholds of the baseline judges on evals/gold/train.

python3 run.py -- python tools/fit_baselines.py
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interviewer.drills.read import read_drills
from interviewer.grading.baselines import NAMES, THRESHOLDS, score_transcript
from interviewer.grading.gold import GoldItem, read_gold
from interviewer.grading.measures import CLASSES, kappa
from interviewer.grading.words import IDF, content_stems
from interviewer.models.minilm import MiniLM
from interviewer.rubrics.read import read_rubrics
from interviewer.transcript import Transcript

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    embedder = MiniLM()
    rubrics = read_rubrics(ROOT / "rubrics")
    bullets = {bullet.id: bullet.text for bullet in read_drills(ROOT / "corpus" / "mlops_drills.txt").bullets}
    gold = [one for one in read_gold(ROOT / "evals" / "gold" / "train", rubrics) if isinstance(one, GoldItem)]
    idf = word_idf([one.transcript for one in gold])
    cuts = {}
    for name in NAMES:
        scores: list[float] = []
        truth: list[int] = []
        for one in gold:
            names = list(one.labels)
            scores += score_transcript(name, one.transcript, [bullets[bullet] for bullet in names], embedder, idf)
            truth += [CLASSES.index(one.labels[bullet]) for bullet in names]
        cuts[name] = choose(np.array(scores), np.array(truth))
        print(name, cuts[name])
    THRESHOLDS.write_text(json.dumps(cuts, indent=1) + "\n", encoding="utf-8")
    IDF.write_text(json.dumps(idf, separators=(",", ":")) + "\n", encoding="utf-8")


def word_idf(transcripts: Sequence[Transcript]) -> dict[str, float]:
    """Weight of each stem that more than one candidate typed."""
    counts: Counter[str] = Counter()
    for one in transcripts:
        counts.update({stem for _, turn in one.candidate_turns for stem in content_stems(turn.text)})
    often = {stem: count for stem, count in sorted(counts.items()) if count > 1}
    return {stem: round(math.log(1 + len(transcripts) / (1 + count)), 4) for stem, count in often.items()}


def choose(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> dict[str, float]:
    """Met from the best kappa met against the rest, partial from the best weighted kappa."""
    if scores.max() == scores.min():  # the majority class says the same of everything
        met = 0.0 if (truth == 2).mean() > 0.5 else 1.0
        return {"met_from": met, "partial_from": met}
    steps = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    met = max(steps, key=lambda at: kappa(list(truth == 2), list(scores >= at)) or 0.0)

    def weighted(low: float) -> float:
        labels = np.where(scores >= met, 2, np.where(scores >= low, 1, 0))
        return kappa(list(truth), list(labels), weights="quadratic") or 0.0

    low = max((step for step in steps if step <= met), key=weighted)
    return {"met_from": round(float(met), 4), "partial_from": round(float(low), 4)}


if __name__ == "__main__":
    main()
