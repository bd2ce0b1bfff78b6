"""A small corpus on disk, with everything that may stand beside it."""

import json
from pathlib import Path

import numpy as np

from interviewer.drills.exemplars import text_digest
from interviewer.index.build import Stamp
from interviewer.index.recipe import Recipe
from interviewer.models.hashing import HashingEmbedder

DOCUMENT = """Small drills

Scenario 1: The cache is stale

Prompt

Users see yesterday's prices although the loader is green.

First Things To Inspect

  • age of the newest row

  • loader exit code

Likely Root Causes

  • clock skew between hosts

Follow-Up Questions Interviewers Often Ask

  • How would you prove that it is the cache?

Scenario 2: The queue grows without end

Prompt

Workers are alive and the backlog doubles every hour.

First Things To Inspect

  • consumer lag per partition

  • poison messages in the dead letter queue

Strong Mitigation Ideas

  • add workers and shed low priority load
"""
PHRASINGS = {
    "s01.yaml": "scenario: 1\ntitles: [Old prices on the page]\nsymptoms: [the shop shows numbers from yesterday]\n",
    "s02.yaml": "scenario: 2\ntitles: [Backlog explosion]\nsymptoms: [lag keeps climbing and nobody consumes]\n",
    "outside.yaml": "outside: [how do I bake bread]\n",
}


def words(text: str) -> int:
    """Counts tokens well enough for short texts."""
    return len(text.split())


def write_corpus(folder: Path, document: str = DOCUMENT) -> Path:
    """The document with phrasings and exemplars beside it."""
    corpus = folder / "drills.txt"
    corpus.write_text(document, encoding="utf-8")
    (folder / "phrasings").mkdir(exist_ok=True)
    for name, text in PHRASINGS.items():
        (folder / "phrasings" / name).write_text(text, encoding="utf-8")
    write_exemplars(folder / "exemplars")
    return corpus


def write_exemplars(folder: Path) -> None:
    """One bullet with what people said for it, and a vector learnt for the 64-dimensional hashing embedder."""
    folder.mkdir(exist_ok=True)
    digest = text_digest("clock skew between hosts")
    row = {"bullet": "s01.causes.1", "text_sha256": digest, "quotes": ["ntp drifted on one box"]}
    (folder / "quotes.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    legend = {"embedder": "hashing-64@1", "weights_sha256": "", "rows": ["s01.causes.1"], "note": "by hand"}
    (folder / "vectors.json").write_text(json.dumps(legend), encoding="utf-8")
    np.save(folder / "vectors.npy", HashingEmbedder().embed(["ntp drifted on one box"]).astype(np.float16))


def small_recipe(folder: Path, dim: int = 64) -> Recipe:
    return Recipe(write_corpus(folder), HashingEmbedder(dim), "", words)


def stamp(number: int = 1) -> Stamp:
    return Stamp(now=1_000.0 + number, nonce=f"{number:016x}")
