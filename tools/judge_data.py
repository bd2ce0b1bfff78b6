"""Gold transcripts and criteria as token ids and targets: what tools/judge_encoder.py trains on."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from interviewer.drills.read import read_drills
from interviewer.grading.sentences import Sentence, candidate_sentences
from interviewer.grading.tuned import MOST_SENTENCE_TOKENS, MOST_TURN_TOKENS
from interviewer.models.minilm import ASSETS
from interviewer.rubrics.read import read_rubrics
from interviewer.transcript import Transcript, Turn

ROOT = Path(__file__).resolve().parents[1]
CLS, SEP = 101, 102
FOLDS = 5
SCENARIO_FOLDS = 4
MOST_TEXT_TOKENS = 56
VIEWS = 5
LABELS = {"not_met": 0, "partial": 1, "met": 2}
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Text:
    """A criterion's texts as token ids: bullet and statement with the section named, three accepted phrasings."""

    id: str
    views: list[list[int]]


@dataclass(frozen=True)
class Example:
    """A transcript: rows of token ids (a turn each, long ones in pieces) and (row, start, end) of each window.

    `labels`: of each criterion of the scenario; `targets`, shape (criteria, windows): 1 the window holds about half of
    the quote or more, -1 less than that (left out of the loss), 0 nothing of it.
    """

    id: str
    scenario: int
    fold: int
    rows: list[list[int]]
    windows: list[tuple[int, int, int]]
    members: list[tuple[int, ...]]
    criteria: list[int]
    labels: NDArray[np.int64]
    targets: Array


def read_texts(tokenizer: Tokenizer) -> list[Text]:
    bullets = {one.id: one for one in read_drills(ROOT / "corpus/mlops_drills.txt").bullets}

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return found

    texts = []
    for _, rubric in sorted(read_rubrics(ROOT / "rubrics").items()):
        for one in rubric.scenario.criteria:
            bullet = bullets[one.bullet]
            section = ids(bullet.section)
            views = [[*section, SEP, *ids(bullet.text)], [*section, SEP, *ids(one.statement)]]
            views += [ids(text) for text in one.accepted[: VIEWS - 2]]
            texts.append(Text(one.bullet, [[CLS, *view[: MOST_TEXT_TOKENS - 2], SEP] for view in views]))
    return texts


def read_examples(tokenizer: Tokenizer, texts: list[Text]) -> list[Example]:
    """Every gold transcript; `persona` is never read."""
    places = {one.id: place for place, one in enumerate(texts)}
    found = []
    for path in sorted((ROOT / "evals/gold").glob("*/*.labels.json")):
        data = json.loads(path.with_name(path.name.replace(".labels", "")).read_text(encoding="utf-8"))
        labels = json.loads(path.read_text(encoding="utf-8"))
        turns = tuple(Turn(role=turn["role"], text=turn["text"]) for turn in data["turns"])
        sentences = candidate_sentences(Transcript(id=data["id"], turns=turns))
        rows, windows, members = _lay_out(sentences, tokenizer)
        found.append(
            Example(
                id=data["id"],
                scenario=data["scenario"],
                fold=int(hashlib.sha256(data["id"].encode()).hexdigest(), 16) % FOLDS,
                rows=rows,
                windows=windows,
                members=members,
                criteria=[places[row["bullet"]] for row in labels],
                labels=np.array([LABELS[row["label"]] for row in labels]),
                targets=np.stack([_targets(row, turns, sentences, members) for row in labels]),
            )
        )
    return found


def _lay_out(
    sentences: tuple[Sentence, ...], tokenizer: Tokenizer
) -> tuple[list[list[int]], list[tuple[int, int, int]], list[tuple[int, ...]]]:
    rows: list[list[int]] = []
    at = []
    for place, one in enumerate(sentences):
        said = tokenizer.encode(one.text, add_special_tokens=False).ids[:MOST_SENTENCE_TOKENS]
        if not place or one.turn != sentences[place - 1].turn or len(rows[-1]) + len(said) > MOST_TURN_TOKENS:
            rows.append([CLS])
        at.append((len(rows) - 1, len(rows[-1]), len(rows[-1]) + len(said)))
        rows[-1] += said
    windows, members = [], []
    for place, (row, start, end) in enumerate(at):
        windows.append((row, start, end))
        members.append((place,))
        if place + 1 < len(at) and sentences[place + 1].turn == sentences[place].turn:
            other, _, last = at[place + 1]
            windows.append((row, start, last if other == row else end))
            members.append((place, place + 1))
    return [[*row, SEP] for row in rows], windows, members


def _targets(
    row: dict[str, Any], turns: tuple[Turn, ...], sentences: tuple[Sentence, ...], members: list[tuple[int, ...]]
) -> Array:
    if not row["quote"]:
        return np.zeros(len(members), np.float32)
    start = turns[row["turn"]].text.find(row["quote"])
    end = start + len(row["quote"])
    covered = np.zeros(len(sentences))
    for place, one in enumerate(sentences):
        if one.turn == row["turn"]:
            covered[place] = max(0, min(one.end, end) - max(one.start, start)) / (end - start)
    shares = np.array([sum(covered[place] for place in window) for window in members])
    targets = np.where(shares >= 0.45, 1, np.where(shares > 0, -1, 0)).astype(np.float32)
    if not (targets > 0).any():
        targets[int(np.argmax(shares))] = 1
    return targets


def open_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(ASSETS / "tokenizer.json"))
