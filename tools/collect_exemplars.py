"""Maintainer script: collect what candidates of the training transcripts said for each bullet, learn a vector of it.

    PYTHONPATH=. .venv/bin/python tools/collect_exemplars.py     # from the top of a checkout; about half a minute

Reads `evals/gold/train` (labels `met` only), writes `corpus/exemplars/{quotes.jsonl,vectors.npy,vectors.json}`. The
vector of a bullet is the unit row of a softmax regression over all bullets (full batch, Adam), started from the
embedding of the bullet's own text, to which the text's embedding is added with weight TEXT_WEIGHT. The choice of the
constants: design/002-index.md.
"""

import json
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.drills.exemplars import text_digest
from interviewer.drills.read import read_drills
from interviewer.models.embedder import Vectors
from interviewer.models.minilm import SHA256, MiniLM

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "evals/gold/train"
OUT = ROOT / "corpus/exemplars"
TEMPERATURE = 10.0
TEXT_WEIGHT = 0.5
STEPS = 100
STEP_SIZE = 0.01


def collect_quotes(folder: Path) -> dict[str, list[str]]:
    """Bullet id -> distinct quotes that were labelled as met, in order of transcript."""
    quotes: dict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(folder.glob("*.labels.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row["label"] == "met" and row["quote"].strip():
                quotes[row["bullet"]][row["quote"].strip()] = None
    return {bullet: list(found) for bullet, found in quotes.items()}


def unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def learn_vectors(texts: Vectors, said: Vectors, targets: Any) -> Vectors:
    """Unit vectors, one per bullet.

    `texts` are the bullets' own vectors, `said` those of the quotes, `targets` of shape (quotes, bullets) has rows that
    sum to 1.
    """
    weights = texts.astype(np.float64)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        norms = np.linalg.norm(weights, axis=1, keepdims=True)
        directions = weights / norms
        logits = said @ directions.T * TEMPERATURE
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = (shares - targets).T @ said * TEMPERATURE / len(said)
        slope = (slope - (slope * directions).sum(axis=1, keepdims=True) * directions) / norms
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        weights -= STEP_SIZE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return np.asarray(unit(unit(weights) + TEXT_WEIGHT * texts), np.float32)


def main() -> None:
    bullets = {bullet.id: bullet for bullet in read_drills(ROOT / "corpus/mlops_drills.txt").bullets}
    quotes = {bullet: found for bullet, found in collect_quotes(GOLD).items() if bullet in bullets}
    said = sorted({quote for found in quotes.values() for quote in found})
    row = {quote: number for number, quote in enumerate(said)}
    targets = np.zeros((len(said), len(quotes)))
    for column, found in enumerate(quotes.values()):
        targets[[row[quote] for quote in found], column] = 1.0
    targets /= targets.sum(axis=1, keepdims=True)
    embedder = MiniLM()
    vectors = learn_vectors(embedder.embed([bullets[one].text for one in quotes]), embedder.embed(said), targets)
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / "quotes.jsonl").open("w", encoding="utf-8") as lines:
        for bullet, found in quotes.items():
            fields = {"bullet": bullet, "text_sha256": text_digest(bullets[bullet].text), "quotes": found}
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")
    np.save(OUT / "vectors.npy", vectors.astype(np.float16))
    legend = {
        "embedder": embedder.identity,
        "weights_sha256": SHA256["model_int8.onnx"],
        "bullets": list(quotes),
        "source": "evals/gold/train, label met; quotes sha256 "
        + sha256((OUT / "quotes.jsonl").read_bytes()).hexdigest(),
        "made_by": "tools/collect_exemplars.py",
        "temperature": TEMPERATURE,
        "text_weight": TEXT_WEIGHT,
        "steps": STEPS,
    }
    (OUT / "vectors.json").write_text(json.dumps(legend, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
