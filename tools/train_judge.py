"""Maintainer's script: fits the embedded judge on what its encoder found and writes its assets.

    python3 run.py -- python tools/train_judge.py --dry                            the cross-validated tables only
    python3 run.py -- python tools/train_judge.py                                  and the assets anew
    python3 run.py -- python tools/train_judge.py --encoder FILE --heads FILE      with another encoder

Reads evals/gold/train and evals/gold/dev (never `persona`), so dev is no test of what ships: quote the cross-validated
figures. evals/judge/folds.npz holds the numbers of every gold item by an encoder that had not seen its transcript
(`learnt`) or its scenario (`authored`), made by tools/judge_encoder.py and tools/judge_folds.py; the logistic models
are fitted on them. The wordings that ship are windows of the gold transcripts as the encoder reads them. Four minutes
of CPU. Deterministic. The assets are in interviewer/grading/assets/embedded-judge-3.
"""

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from judge_data import QUOTE, ROOT, covering, fold_of, read_gold
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from interviewer.drills.read import read_drills
from interviewer.grading.agreement import Judged, Outcome, levels_of, report
from interviewer.grading.bank import ENCODER, FOLDER, MET, NEAR, PARTIAL, pack
from interviewer.grading.embedded import AUTHORED_FEATURES, LEARNT_FEATURES
from interviewer.grading.sentences import candidate_sentences
from interviewer.grading.shared_words import SharedWords, describe_words
from interviewer.grading.tuned import Texts, Trained, TunedReader
from interviewer.grading.unseen import describe_unseen, make_material, texts_to_embed, window_vectors
from interviewer.grading.windows import build_windows
from interviewer.grading.words import read_idf
from interviewer.models.minilm import MiniLM, TokenStates
from interviewer.rubric import Rubric
from interviewer.rubrics.read import read_rubrics
from interviewer.transcript import Transcript, Turn
from interviewer.verdict import Label

FOLDS_FILE = ROOT / "evals/judge/folds.npz"
HEADS = ROOT / "evals/judge/heads.npz"
SURE_COVERAGE = 0.601
LABELS: dict[Label, int] = {"not_met": 0, "partial": 1, "met": 2}
FEATURES = {"learnt": LEARNT_FEATURES, "authored": AUTHORED_FEATURES}
KINDS = {2: MET, 1: PARTIAL, 0: NEAR}
Array = NDArray[np.float64]
Whole = NDArray[np.int64]


def fit(rows: Array, targets: Whole) -> tuple[Array, Array, LogisticRegression]:
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    return mean, scale, LogisticRegression(C=1.0, max_iter=5000).fit((rows - mean) / scale, targets)


def held_out(rows: Array, targets: Whole, groups: Whole) -> Array:
    """Probabilities of each item, shape (items, 3), from a model that has not seen its group."""
    found = np.zeros((len(rows), 3))
    for group in np.unique(groups):
        mean, scale, model = fit(rows[groups != group], targets[groups != group])
        found[groups == group] = model.predict_proba((rows[groups == group] - mean) / scale)
    return found


def labels_of(chances: Array, cuts: Mapping[str, float]) -> Whole:
    """As `interviewer.grading.logistic` labels."""
    credit = chances[:, 2] + chances[:, 1] / 2
    return np.where(chances[:, 2] >= cuts["met_from"], 2, np.where(credit >= cuts["partial_from"], 1, 0))


def thresholds(chances: Array, targets: Whole) -> dict[str, float]:
    """Met and partial from the best sum of kappa met against the rest and weighted kappa; unsure by coverage."""

    def worth(cuts: Mapping[str, float]) -> float:
        labels = labels_of(chances, cuts)
        kappa = cohen_kappa_score(targets == 2, labels == 2)
        return float(kappa + cohen_kappa_score(targets, labels, weights="quadratic"))

    steps = np.arange(0.3, 0.7, 0.02)
    pairs = [{"met_from": float(met), "partial_from": float(low)} for met in steps for low in np.arange(0.1, 0.7, 0.02)]
    cuts = max(pairs, key=worth)
    below, above = sure_zone(chances[:, 2], targets, cuts["met_from"])
    return {**cuts, "unsure_from": below, "unsure_to": above}


def sure_zone(probability: Array, targets: Whole, met: float) -> tuple[float, float]:
    """The unsure zone around the threshold that leaves SURE_COVERAGE of the items and the best kappa among them."""
    best = (-1.0, met, met)
    for share in np.arange(0.02, 1 - SURE_COVERAGE - 0.01, 0.02):
        below = np.sort(probability[probability < met])
        cut = max(0, len(below) - int(share * len(probability)))
        rest = int((1 - SURE_COVERAGE - share) * len(probability))
        above = np.sort(probability[probability >= met])
        if not (0 < cut < len(below) and 0 < rest < len(above)):
            continue
        low, high = float(below[cut]), float(above[rest])
        sure = (probability < low) | (probability > high)
        best = max(best, (float(cohen_kappa_score(targets[sure] == 2, probability[sure] >= met)), low, high))
    return best[1], best[2]


def outcome_of(
    folds: Mapping[str, Any],
    chances: Array,
    cuts: Mapping[str, float],
    rubrics: Mapping[int, Rubric],
    found: NDArray[np.bool_],
) -> Outcome:
    """The cross-validated verdicts in the form that `interviewer agreement` measures."""
    names: dict[int, Label] = {number: name for name, number in LABELS.items()}
    competencies = {one.bullet: one.competency for rubric in rubrics.values() for one in rubric.scenario.criteria}
    by_transcript: dict[str, list[Judged]] = defaultdict(list)
    scenarios: dict[str, int] = {}
    labels = labels_of(chances, cuts)
    for place, p in enumerate(chances[:, 2]):
        transcript, criterion = str(folds["transcript"][place]), str(folds["criterion"][place])
        truth = names[int(folds["label"][place])]
        label = names[int(labels[place])]
        scenarios[transcript] = int(criterion[1:3])
        by_transcript[transcript].append(
            Judged(
                transcript=transcript,
                competency=competencies[criterion],
                truth=truth,
                label=label,
                score=float(p),
                sure=not cuts["unsure_from"] <= p <= cuts["unsure_to"],
                verbatim=None,
                found=bool(found[place]) if truth == label == "met" else None,
            )
        )
    judged = [one for rows in by_transcript.values() for one in rows]
    levels = [level for name, rows in by_transcript.items() for level in levels_of(rows, rubrics[scenarios[name]])]
    return Outcome(tuple(judged), 0, tuple(levels))


def as_json(
    features: Sequence[str], mean: Array, scale: Array, model: LogisticRegression, cuts: Mapping[str, float]
) -> dict[str, Any]:
    return {
        "features": list(features),
        "mean": [round(float(value), 6) for value in mean],
        "scale": [round(float(value), 6) for value in scale],
        "weights": [[round(float(value), 6) for value in row] for row in model.coef_],
        "intercepts": [round(float(value), 6) for value in model.intercept_],
        **{name: round(value, 4) for name, value in cuts.items()},
    }


def read_heads(path: Path, reader: TunedReader, texts: Mapping[str, Texts]) -> tuple[Trained, list[str]]:
    """What was learnt per criterion, with the vectors of its texts as the shipped encoder reads them."""
    with np.load(path) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    names = [str(name) for name in parts["criteria"]]
    read = [reader.read_views(texts[name]) for name in names]
    most = max(len(weights) for _, weights in read)
    views = np.zeros((len(names), most, 384), np.float32)
    shares = np.zeros((len(names), most))
    for place, (vectors, weights) in enumerate(read):
        moved = vectors + parts["delta"][place]
        views[place, : len(moved)] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        shares[place, : len(weights)] = weights
    trained = Trained(
        views=views,
        weights=shares,
        offsets=parts["offsets"].astype(float),
        places={name: place for place, name in enumerate(names)},
        scale=float(parts["scale"]),
        bias=float(parts["bias"]),
    )
    return trained, names


def build_wordings(
    talks: Sequence[Mapping[str, Any]], reader: TunedReader, texts: Mapping[str, Texts], names: Sequence[str]
) -> dict[str, Any]:
    """Of each criterion the windows that fit best among those of a quote; of not_met ones the two that fit best."""
    columns: dict[str, list[Any]] = {"vectors": [], "criterion": [], "kind": [], "source": []}
    for source, talk in enumerate(talks):
        turns = tuple(Turn(role=turn["role"], text=turn["text"]) for turn in talk["turns"])
        windows = build_windows(candidate_sentences(Transcript(id=talk["id"], turns=turns)))
        vectors = reader.window_vectors([one.sentences for one in windows])
        mine = [name for name in names if name.startswith(f"s{talk['scenario']:02d}.")]
        fits = reader.fits(vectors, [(name, texts[name]) for name in mine])
        rows = {row["bullet"]: row for row in talk["labels"] if row["quote"]}
        for column, name in enumerate(mine):
            order = np.argsort(-fits[:, column])
            if name in rows:
                quoted = covering(rows[name], turns, [one.sentences for one in windows]) == QUOTE
                chosen, label = [at for at in order if quoted[at]][:1], LABELS[rows[name]["label"]]
            else:
                chosen, label = list(order[:2]), 0
            columns["vectors"] += [vectors[at] for at in chosen]
            columns["criterion"] += [names.index(name)] * len(chosen)
            columns["kind"] += [KINDS[label]] * len(chosen)
            columns["source"] += [source] * len(chosen)
    return {
        "vectors": pack(np.stack(columns["vectors"])),
        "criterion": np.array(columns["criterion"], np.int16),
        "kind": np.array(columns["kind"], np.int8),
        "source": np.array(columns["source"], np.int16),
    }


def other_rows(texts: Mapping[str, Texts], items: Sequence[tuple[str, str]]) -> dict[str, Array]:
    """Numbers of the gold items (transcript, criterion) that the tuned encoder has no part in, (items, features)."""
    embedder, compared = MiniLM(), SharedWords(read_idf())
    materials = {name: make_material(one, embedder.embed(texts_to_embed(one))) for name, one in texts.items()}
    found: dict[str, dict[tuple[str, str], Any]] = {"learnt": {}, "authored": {}}
    for talk in read_gold():
        turns = tuple(Turn(role=turn["role"], text=turn["text"]) for turn in talk["turns"])
        sentences = candidate_sentences(Transcript(id=talk["id"], turns=turns))
        windows = build_windows(sentences)
        mine = [name for name in texts if name.startswith(f"s{talk['scenario']:02d}.")]
        keys = [(str(talk["id"]), name) for name in mine]
        shares = compared.shares(windows, [texts[name] for name in mine])
        embedded = dict(zip(sentences, embedder.embed([one.text for one in sentences]), strict=True))
        unseen = describe_unseen(window_vectors(windows, embedded), [materials[name] for name in mine], shares)
        ranked = describe_words(windows, shares, [best for _, best in unseen])
        found["learnt"] |= dict(zip(keys, describe_words(windows, shares), strict=True))
        rows = [np.concatenate([said, row]) for said, (row, _) in zip(ranked, unseen, strict=True)]
        found["authored"] |= dict(zip(keys, rows, strict=True))
    return {name: np.stack([rows[item] for item in items]) for name, rows in found.items()}


def read_criteria(rubrics: Mapping[int, Rubric]) -> dict[str, Texts]:
    bullets = {one.id: one for one in read_drills(ROOT / "corpus/mlops_drills.txt").bullets}
    return {
        one.bullet: Texts(
            section=bullets[one.bullet].section,
            bullet=bullets[one.bullet].text,
            statement=one.statement,
            accepted=one.accepted,
            near_misses=one.near_misses,
        )
        for rubric in rubrics.values()
        for one in rubric.scenario.criteria
    }


def reader_of(encoder: Path, trained: Trained) -> TunedReader:
    return TunedReader(TokenStates(encoder, hashlib.sha256(encoder.read_bytes()).hexdigest()), trained)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    parser.add_argument("--rounds", type=int, default=500, help="bootstrap rounds of the intervals")
    parser.add_argument("--encoder", type=Path, default=FOLDER / ENCODER, help="from tools/export_judge.py")
    parser.add_argument("--heads", type=Path, default=HEADS, help="final-heads.npz of tools/judge_encoder.py")
    given = parser.parse_args()
    rubrics = read_rubrics(ROOT / "rubrics")
    with np.load(FOLDS_FILE) as arrays:
        folds = {name: arrays[name] for name in arrays.files}
    targets = folds["label"].astype(np.int64)
    by_fold = np.array([fold_of(str(name)) for name in folds["transcript"]])
    by_scenario = np.array([int(str(name)[1:3]) for name in folds["criterion"]])
    texts = read_criteria(rubrics)
    items = [(str(one), str(name)) for one, name in zip(folds["transcript"], folds["criterion"], strict=True)]
    others = other_rows(texts, items)
    fitted, measured = {}, {}
    headings = {"learnt": "transcripts held out", "authored": "scenarios held out, authored texts and wordings only"}
    for name, groups in (("learnt", by_fold), ("authored", by_scenario)):
        rows = np.hstack([folds[name].astype(float), others[name]])
        chances = held_out(rows, targets, groups)
        cuts = thresholds(chances, targets)
        fitted[name] = as_json(FEATURES[name], *fit(rows, targets), cuts)
        found = folds[f"{name}_quote_found"]
        figures = report(outcome_of(folds, chances, cuts, rubrics, found), rounds=given.rounds)
        measured[name] = figures
        print(f"{headings[name]}\n{json.dumps(figures, indent=1)}", flush=True)
    if given.dry:
        return
    untrained = Trained(np.zeros((0, 1, 384), np.float32), np.zeros((0, 1)), np.zeros(0), {}, 1.0, 0.0)
    trained, names = read_heads(given.heads, reader_of(given.encoder, untrained), texts)
    talks = list(read_gold())
    columns = build_wordings(talks, reader_of(given.encoder, trained), texts, names)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if given.encoder != FOLDER / ENCODER:
        (FOLDER / ENCODER).write_bytes(given.encoder.read_bytes())
    model = {
        **fitted,
        "scale": round(trained.scale, 6),
        "bias": round(trained.bias, 6),
        "criteria": names,
        "sources": [talk["id"] for talk in talks],
    }
    (FOLDER / "model.json").write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    np.savez_compressed(
        FOLDER / "wordings.npz",
        **columns,
        views=pack(trained.views),
        view_weights=trained.weights.astype(np.float32),
        offsets=trained.offsets.astype(np.float32),
    )
    shipped = (ENCODER, "model.json", "wordings.npz")
    manifest = {
        "version": 3,
        "trained_on": "evals/gold/train, evals/gold/dev, evals/judge/written, the phrasings of rubrics",
        "transcripts": len(talks),
        # what reports say of the judge
        "figures": {
            "kappa": measured["learnt"]["kappa_binary"],
            "kappa_interval": measured["learnt"]["intervals"]["kappa_binary"],
            "level_qwk": measured["learnt"]["level_qwk"],
            "level_interval": measured["learnt"]["intervals"]["level_qwk"],
            "unseen_kappa": measured["authored"]["kappa_binary"],
            "unseen_interval": measured["authored"]["intervals"]["kappa_binary"],
        },
        "sha256": {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in shipped},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"Written to {FOLDER.relative_to(ROOT)}: {len(columns['kind'])} wordings, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
