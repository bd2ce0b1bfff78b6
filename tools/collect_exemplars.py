"""Maintainer script: collect how each bullet is put in other words, and learn a vector of it.

    PYTHONPATH=. .venv/bin/python tools/collect_exemplars.py     # from the top of a checkout; about half a minute

Reads the quotes of `evals/gold/train` (labels `met` only; never `dev`, which is for measuring), and the statements
and accepted phrasings of `rubrics/`; of the same transcripts the interviewer's first turn, the most different ones of
each scenario. Writes `{quotes,openings}.jsonl` and `{vectors,wordings}.{npy,json}` in `corpus/exemplars`. Run it again
when the corpus, its phrasings, the embedder, the training labels or the rubrics change. The vector of a bullet is the
unit row of a softmax
regression over all bullets (full batch, Adam), started from the embedding of the bullet's own text, to which the
text's embedding is added with weight TEXT_WEIGHT. The choice of the constants: design/002-index.md.
"""

import json
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.drills.exemplars import head_digest, text_digest
from interviewer.drills.phrasings import read_phrasings
from interviewer.drills.read import read_drills
from interviewer.models.embedder import Vectors
from interviewer.models.minilm import SHA256, MiniLM
from interviewer.rubrics.read import read_rubrics

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "evals/gold/train"
OUT = ROOT / "corpus/exemplars"
TEMPERATURE = 10.0
TEXT_WEIGHT = 0.5
OPENINGS = 12
STEPS = 100
STEP_SIZE = 0.01


def collect_quotes(folder: Path) -> dict[str, list[str]]:
    """Bullet id -> distinct wordings: quotes that were labelled as met, in order of transcript, then the rubric's."""
    quotes: dict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(folder.glob("*.labels.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row["label"] == "met" and row["quote"].strip():
                quotes[row["bullet"]][row["quote"].strip()] = None
    for rubric in read_rubrics(ROOT / "rubrics").values():
        for criterion in rubric.scenario.criteria:
            quotes[criterion.bullet] |= dict.fromkeys([criterion.statement, *criterion.accepted])
    return {bullet: list(found) for bullet, found in sorted(quotes.items())}


def collect_openings(folder: Path, embedder: MiniLM) -> dict[int, list[str]]:
    """Scenario -> the OPENINGS first turns of interviewers that are farthest apart, beginning with the most central."""
    openings: dict[int, dict[str, None]] = defaultdict(dict)
    for path in sorted(folder.glob("*.json")):
        if not path.name.endswith(".labels.json"):
            transcript = json.loads(path.read_text(encoding="utf-8"))
            first = next(turn["text"] for turn in transcript["turns"] if turn["role"] == "interviewer")
            openings[transcript["scenario"]][first.strip()] = None
    return {number: spread(list(texts), embedder) for number, texts in sorted(openings.items())}


def spread(texts: list[str], embedder: MiniLM) -> list[str]:
    """Farthest-point sample: each next text is the one least like those already taken."""
    vectors = embedder.embed(texts)
    taken = [int((vectors @ vectors.mean(axis=0)).argmax())]
    while len(taken) < min(OPENINGS, len(texts)):
        taken.append(int((vectors @ vectors[taken].T).max(axis=1).argmin()))
    return [texts[row] for row in taken]


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


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
    document = read_drills(ROOT / "corpus/mlops_drills.txt")
    bullets = {bullet.id: bullet for bullet in document.bullets}
    heads = {scenario.number: head_digest(scenario) for scenario in document.scenarios}
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
    digests = {bullet: text_digest(bullets[bullet].text) for bullet in quotes}
    said_rows = [{"bullet": one, "text_sha256": digests[one], "quotes": found} for one, found in quotes.items()]
    openings = collect_openings(GOLD, embedder)
    opened = [{"scenario": one, "text_sha256": heads[one], "openings": texts} for one, texts in openings.items()]
    write_rows(OUT / "quotes.jsonl", said_rows)
    write_rows(OUT / "openings.jsonl", opened)
    np.save(OUT / "vectors.npy", vectors.astype(np.float16))
    legend = {
        "embedder": embedder.identity,
        "weights_sha256": SHA256["model_int8.onnx"],
        "rows": list(quotes),
        "source": "evals/gold/train (label met) and rubrics (statement, accepted); quotes sha256 "
        + sha256((OUT / "quotes.jsonl").read_bytes()).hexdigest(),
        "made_by": "tools/collect_exemplars.py",
        "temperature": TEMPERATURE,
        "text_weight": TEXT_WEIGHT,
        "steps": STEPS,
    }
    (OUT / "vectors.json").write_text(json.dumps(legend, indent=1) + "\n", encoding="utf-8")
    write_wordings([text for texts in openings.values() for text in texts], embedder)


def write_wordings(openings: list[str], embedder: MiniLM) -> None:
    """Vectors of everything authored, by the digest of the text: a third of the cost of a build."""
    phrasings = read_phrasings(ROOT / "corpus/phrasings")
    texts = [*openings, *phrasings.outside]
    for one in phrasings.scenarios:
        texts += [*one.titles, *one.symptoms]
    texts = sorted(set(texts))
    np.save(OUT / "wordings.npy", embedder.embed(texts).astype(np.float16))
    legend = {
        "embedder": embedder.identity,
        "weights_sha256": SHA256["model_int8.onnx"],
        "rows": [text_digest(text) for text in texts],
        "source": "corpus/phrasings and corpus/exemplars/openings.jsonl",
        "made_by": "tools/collect_exemplars.py",
    }
    (OUT / "wordings.json").write_text(json.dumps(legend, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
