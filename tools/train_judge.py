"""Maintainer's script: fits the embedded judge on the gold transcripts and writes its assets.

    python3 run.py -- python tools/train_judge.py            fit, print the cross-validated table, write the assets
    python3 run.py -- python tools/train_judge.py --dry      the table only

Reads evals/gold/train and evals/gold/dev (never `persona`), so dev is no test of what ships: quote the cross-validated
figures. The tuned encoder comes from tools/judge_encoder.py (weights, and numbers of every fold that it was not trained
on, in evals/judge/folds.npz); this script fits what stands on top of it. Five minutes of CPU, less with --cache.
Deterministic. The assets are in interviewer/grading/assets/embedded-judge-2.
"""

import argparse
import hashlib
import json
import math
import pickle
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from interviewer.drills.read import read_drills
from interviewer.grading.agreement import Judged, Outcome, levels_of, report
from interviewer.grading.bank import (
    ENCODER,
    FOLDER,
    MET,
    NEAR,
    PARTIAL,
    Bank,
    BankRows,
    TextVectors,
    pack,
    text_key,
    texts_of,
)
from interviewer.grading.embedded import ALL_FEATURES, authored_only
from interviewer.grading.features import FEATURES, Material, Windows, build_windows, describe
from interviewer.grading.sentences import candidate_sentences
from interviewer.grading.tuned import Trained, TunedReader
from interviewer.grading.words import content_stems
from interviewer.models.embedder import Vectors
from interviewer.models.minilm import MiniLM, TokenStates
from interviewer.rubric import Criterion, Rubric
from interviewer.rubrics.read import read_rubrics
from interviewer.transcript import Transcript, Turn
from interviewer.verdict import Label

ROOT = Path(__file__).resolve().parents[1]
FOLDS = 5
FOLDS_FILE = ROOT / "evals/judge/folds.npz"
NEAR_PER_TRANSCRIPT = 3
NEAR_PER_CRITERION = 20
SURE_COVERAGE = 0.601
LABELS = {"not_met": 0, "partial": 1, "met": 2}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Item:
    """A gold transcript with what training needs of it."""

    id: str
    scenario: int
    windows: Windows
    labels: dict[str, str]
    quotes: list[tuple[str, str]]
    quote_vectors: Vectors
    quote_windows: list[list[int]]


def read_items(folder: Path, embedder: MiniLM) -> list[Item]:
    items = []
    for path in sorted(folder.glob("*/*.labels.json")):
        data = json.loads(path.with_name(path.name.replace(".labels", "")).read_text(encoding="utf-8"))
        rows = json.loads(path.read_text(encoding="utf-8"))
        turns = tuple(Turn(role=turn["role"], text=turn["text"]) for turn in data["turns"])
        sentences = candidate_sentences(Transcript(id=data["id"], turns=turns))
        shown = [row for row in rows if row["quote"]]
        windows = build_windows(sentences, embedder.embed([one.text for one in sentences]))
        items.append(
            Item(
                id=data["id"],
                scenario=data["scenario"],
                windows=windows,
                labels={row["bullet"]: row["label"] for row in rows},
                quotes=[(row["bullet"], row["label"]) for row in shown],
                quote_vectors=embedder.embed([row["quote"] for row in shown]),
                quote_windows=[covering(row, turns, windows) for row in shown],
            )
        )
    return items


def covering(row: dict[str, Any], turns: Sequence[Turn], windows: Windows) -> list[int]:
    """Places of the windows that hold about half of a quote or more; the one that holds most where none does."""
    start = turns[row["turn"]].text.find(row["quote"])
    end = start + len(row["quote"])
    shares = []
    for window in windows.windows:
        mine = [one for one in window.sentences if one.turn == row["turn"]]
        shares.append(sum(max(0, min(one.end, end) - max(one.start, start)) for one in mine) / (end - start))
    return [place for place, share in enumerate(shares) if share >= 0.45] or [int(np.argmax(shares))]


def build_tuned_rows(items: Sequence[Item], reader: TunedReader, criteria: Sequence[str]) -> BankRows:
    """The same in the tuned encoder's space: the window that fits best among those of a quote, or among all."""
    numbers = {name: number for number, name in enumerate(criteria)}
    columns: list[tuple[Any, int, int, int]] = []
    for source, item in enumerate(items):
        vectors = reader.window_vectors([one.sentences for one in item.windows.windows])
        names = list(item.labels)
        fits = reader.fits(vectors, [(name, ()) for name in names])
        quoted = {bullet: places for (bullet, _), places in zip(item.quotes, item.quote_windows, strict=True)}
        for column, name in enumerate(names):
            fit = fits[:, column]
            if name in quoted:
                best = max(quoted[name], key=lambda place: fit[place])
                columns.append((vectors[best], numbers[name], MET if item.labels[name] == "met" else PARTIAL, source))
            elif item.labels[name] == "not_met":
                columns += [(vectors[place], numbers[name], NEAR, source) for place in np.argsort(-fit)[:2]]
    return BankRows(
        vectors=pack(np.stack([row[0] for row in columns])),
        criterion=np.array([row[1] for row in columns], np.int16),
        kind=np.array([row[2] for row in columns], np.int8),
        source=np.array([row[3] for row in columns], np.int16),
        criteria=criteria,
        sources=[item.id for item in items],
        priors={},
    )


def build_rows(items: Sequence[Item]) -> BankRows:
    """Met and partial quotes of these transcripts, and the windows of not_met ones that come nearest."""
    met: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    partial: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for source, item in enumerate(items):
        for (bullet, label), vector in zip(item.quotes, item.quote_vectors, strict=True):
            (met if label == "met" else partial)[bullet].append((vector, source))
        for bullet, label in item.labels.items():
            counts[bullet]["met" if label == "met" else "rest"] += 1
    near: dict[str, list[tuple[float, Any, int]]] = defaultdict(list)
    for source, item in enumerate(items):
        for bullet, label in item.labels.items():
            if label == "not_met" and met[bullet]:
                fit = (item.windows.vectors @ np.stack([vector for vector, _ in met[bullet]]).T).max(axis=1)
                for place in np.argsort(-fit)[:NEAR_PER_TRANSCRIPT]:
                    near[bullet].append((float(fit[place]), item.windows.vectors[place], source))
    criteria = sorted(counts)
    columns: list[tuple[Any, int, int, int]] = []
    for number, bullet in enumerate(criteria):
        columns += [(vector, number, MET, source) for vector, source in met[bullet]]
        columns += [(vector, number, PARTIAL, source) for vector, source in partial[bullet]]
        nearest = sorted(near[bullet], key=lambda one: -one[0])[:NEAR_PER_CRITERION]
        columns += [(vector, number, NEAR, source) for _, vector, source in nearest]
    return BankRows(
        vectors=pack(np.stack([row[0] for row in columns])),
        criterion=np.array([row[1] for row in columns], np.int16),
        kind=np.array([row[2] for row in columns], np.int8),
        source=np.array([row[3] for row in columns], np.int16),
        criteria=criteria,
        sources=[item.id for item in items],
        priors={bullet: math.log((count["met"] + 1) / (count["rest"] + 1)) for bullet, count in counts.items()},
    )


class Describer:
    """Features of transcripts as the judge computes them."""

    def __init__(
        self, items: Sequence[Item], rubrics: dict[int, Rubric], bullets: dict[str, str], texts: TextVectors
    ) -> None:
        self.items, self.rubrics, self.bullets, self.texts = items, rubrics, bullets, texts
        self.idf = word_idf(items)

    def rows(self, item: Item, bank: Bank, *, authored: bool) -> Array:
        criteria = self.rubrics[item.scenario].scenario.criteria
        materials = [self.material(one, bank, item.id) for one in criteria]
        if authored:
            materials = [authored_only(one) for one in materials]
        return np.stack([row for row, _ in describe(item.windows, materials)])

    def material(self, criterion: Criterion, bank: Bank, leave_out: str) -> Material:
        bullet = self.bullets[criterion.bullet]
        rarest = max(self.idf.values())
        return Material(
            criterion=criterion.bullet,
            examples=bank.examples(criterion, bullet, self.texts, leave_out),
            bullet=self.texts.of([bullet])[0],
            statement=self.texts.of([criterion.statement])[0],
            own=self.texts.of(criterion.accepted or (criterion.statement,)),
            idf={stem: self.idf.get(stem, rarest) for stem in content_stems(bullet)},
        )

    def targets(self, item: Item) -> NDArray[np.int64]:
        criteria = self.rubrics[item.scenario].scenario.criteria
        return np.array([LABELS[item.labels[one.bullet]] for one in criteria])


def priors_without(item: Item, describer: Describer) -> list[float]:
    """Log odds of each criterion less the transcript's own label."""
    found = []
    for criterion in describer.rubrics[item.scenario].scenario.criteria:
        rest = [one for one in describer.items if one.scenario == item.scenario and one is not item]
        others = [one.labels[criterion.bullet] for one in rest]
        met = others.count("met")
        found.append(math.log((met + 1) / (len(others) - met + 1)))
    return found


def fit(rows: Array, targets: NDArray[np.int64]) -> tuple[Array, Array, LogisticRegression]:
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    return mean, scale, LogisticRegression(C=1.0, max_iter=5000).fit((rows - mean) / scale, targets == LABELS["met"])


def held_out(rows: list[Array], targets: list[Any], groups: Sequence[int]) -> list[Array]:
    """Probabilities for each transcript from a model that has not seen its group."""
    found: list[Array] = [np.zeros(0)] * len(rows)
    for group in sorted(set(groups)):
        train = [place for place, one in enumerate(groups) if one != group]
        mean, scale, model = fit(np.vstack([rows[p] for p in train]), np.concatenate([targets[p] for p in train]))
        for place, one in enumerate(groups):
            if one == group:
                found[place] = model.predict_proba((rows[place] - mean) / scale)[:, 1]
    return found


def thresholds(probability: Array, targets: NDArray[np.int64]) -> dict[str, float]:
    """Met from the best kappa met against the rest, partial from the best weighted kappa, unsure by coverage."""
    steps = np.arange(0.3, 0.7, 0.01)
    met = float(max(steps, key=lambda at: cohen_kappa_score(targets == 2, probability >= at)))

    def weighted(low: float) -> float:
        labels = np.where(probability >= met, 2, np.where(probability >= low, 1, 0))
        return float(cohen_kappa_score(targets, labels, weights="quadratic"))

    low = float(max(np.arange(0.1, met + 0.001, 0.01), key=weighted))
    below, above = sure_zone(probability, targets, met)
    return {"met_from": met, "partial_from": low, "unsure_from": below, "unsure_to": above}


def sure_zone(probability: Array, targets: NDArray[np.int64], met: float) -> tuple[float, float]:
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
    items: Sequence[Item], describer: "Describer", probability: list[Array], cuts: dict[str, float], found: Any
) -> Outcome:
    """The cross-validated verdicts in the form that `interviewer agreement` measures."""
    judged, levels = [], []
    names: dict[int, Label] = {2: "met", 1: "partial", 0: "not_met"}
    for item, mine in zip(items, probability, strict=True):
        rubric = describer.rubrics[item.scenario]
        rows = []
        for criterion, p in zip(rubric.scenario.criteria, mine, strict=True):
            truth: Label = names[LABELS[item.labels[criterion.bullet]]]
            label = names[2 if p >= cuts["met_from"] else 1 if p >= cuts["partial_from"] else 0]
            both = truth == label == "met"
            rows.append(
                Judged(
                    transcript=item.id,
                    competency=criterion.competency,
                    truth=truth,
                    label=label,
                    score=float(p),
                    sure=not cuts["unsure_from"] <= p <= cuts["unsure_to"],
                    verbatim=None,
                    found=found.get((item.id, criterion.bullet)) if both else None,
                )
            )
        judged += rows
        levels += levels_of(rows, rubric)
    return Outcome(tuple(judged), 0, tuple(levels))


def quotes_found() -> dict[tuple[str, str], bool]:
    """Whether the best window of an encoder that had not seen the transcript shares a sentence with the quote."""
    with np.load(FOLDS_FILE) as arrays:
        rows = zip(arrays["transcript"], arrays["criterion"], arrays["quote_found"], strict=True)
        return {(str(transcript), str(criterion)): bool(found) for transcript, criterion, found in rows}


def as_json(mean: Array, scale: Array, model: LogisticRegression, cuts: dict[str, float]) -> dict[str, Any]:
    return {
        "features": list(ALL_FEATURES),
        "mean": [round(float(value), 6) for value in mean],
        "scale": [round(float(value), 6) for value in scale],
        "weights": [round(float(value), 6) for value in model.coef_[0]],
        "intercept": round(float(model.intercept_[0]), 6),
        **{name: round(value, 4) for name, value in cuts.items()},
    }


def word_idf(items: Sequence[Item]) -> dict[str, float]:
    counts = Counter(stem for item in items for stem in frozenset[str]().union(*item.windows.stems))
    often = {stem: count for stem, count in sorted(counts.items()) if count > 1}
    return {stem: round(math.log(1 + len(items) / (1 + count)), 4) for stem, count in often.items()}


def out_of_fold(items: Sequence[Item], describer: Describer, name: str) -> list[Array | None]:
    """The tuned encoder's numbers of each transcript by an encoder that had not seen its fold; None where missing."""
    with np.load(FOLDS_FILE) as arrays:
        places = {
            (str(t), str(c)): n for n, (t, c) in enumerate(zip(arrays["transcript"], arrays["criterion"], strict=True))
        }
        values = arrays[name].astype(float)
    found: list[Array | None] = []
    for item in items:
        wanted = [places[item.id, one.bullet] for one in describer.rubrics[item.scenario].scenario.criteria]
        rows = values[wanted]
        found.append(None if np.isnan(rows).any() else rows)
    return found


def read_cached(path: Path | None, make: Any) -> Any:
    if path is None or not path.exists():
        made = make()
        if path is not None:
            path.write_bytes(pickle.dumps(made))
        return made
    return pickle.loads(path.read_bytes())


def read_reader(encoder: Path, heads: Path) -> tuple[TunedReader, dict[str, Any]]:
    """The tuned encoder with the heads that were trained with it."""
    with np.load(heads) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    trained = Trained(
        vectors=parts["criteria_vectors"].astype(np.float32),
        offsets=parts["offsets"].astype(float),
        places={str(name): place for place, name in enumerate(parts["criteria"])},
        scale=float(parts["scale"]),
        bias=float(parts["bias"]),
    )
    return TunedReader(TokenStates(encoder, hashlib.sha256(encoder.read_bytes()).hexdigest()), trained), parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    parser.add_argument("--rounds", type=int, default=500, help="bootstrap rounds of the intervals")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--encoder", type=Path, default=FOLDER / ENCODER, help="from tools/export_judge.py")
    parser.add_argument(
        "--heads", type=Path, default=ROOT / "evals/judge/heads.npz", help="from tools/judge_encoder.py"
    )
    given = parser.parse_args()
    at = (lambda name: given.cache / name) if given.cache else (lambda name: None)
    embedder = MiniLM()
    document = read_drills(ROOT / "corpus" / "mlops_drills.txt")
    rubrics = read_rubrics(ROOT / "rubrics")
    items = read_cached(at("items.pkl"), lambda: read_items(ROOT / "evals" / "gold", embedder))
    bullets = {bullet.id: bullet.text for bullet in document.bullets}
    criteria = [one for rubric in rubrics.values() for one in rubric.scenario.criteria]
    shared = next(iter(rubrics.values())).shared.criteria
    known = list(dict.fromkeys([*texts_of([*criteria, *shared]), *bullets.values()]))
    texts = TextVectors(embedder, read_cached(at("texts.pkl"), lambda: embed_known(known, embedder)))
    describer = Describer(items, rubrics, bullets, texts)
    targets = [describer.targets(item) for item in items]
    folds = [int(hashlib.sha256(item.id.encode()).hexdigest(), 16) % FOLDS for item in items]
    rows = build_rows(items)
    # the whole bank less the transcript's own wordings: as many examples as the judge will have when it is used
    learnt = [describer.rows(item, Bank(rows), authored=False) for item in items]
    for place, item in enumerate(items):
        learnt[place][:, FEATURES.index("prior")] = priors_without(item, describer)
    authored = [describer.rows(item, Bank(rows), authored=True) for item in items]
    scenarios = [item.scenario for item in items]
    cuts, models = {}, {}
    names = {"learnt": "transcripts held out", "authored": "scenarios held out, authored wordings only"}
    for name, table, groups in (("learnt", learnt, folds), ("authored", authored, scenarios)):
        fits = out_of_fold(items, describer, name)
        kept = [place for place, one in enumerate(fits) if one is not None]
        full = [np.hstack([table[place], fits[place]]) for place in kept]
        mine, truth = [items[place] for place in kept], [targets[place] for place in kept]
        probability = held_out(full, truth, [groups[place] for place in kept])
        cuts[name] = thresholds(np.concatenate(probability), np.concatenate(truth))
        models[name] = fit(np.vstack(full), np.concatenate(truth))
        found = quotes_found() if name == "learnt" else {}
        figures = report(outcome_of(mine, describer, probability, cuts[name], found), rounds=given.rounds)
        print(f"{names[name]} ({len(mine)} transcripts)\n{json.dumps(figures, indent=1)}", flush=True)
        if given.cache:
            (given.cache / f"{name}.pkl").write_bytes(pickle.dumps((mine, probability, truth, full)))
    if given.dry:
        return
    reader, heads = read_reader(given.encoder, given.heads)
    tuned = read_cached(at("tuned.pkl"), lambda: build_tuned_rows(items, reader, rows.criteria))
    order = [list(heads["criteria"]).index(name) for name in rows.criteria]
    model = {
        "embedder": embedder.identity,
        "learnt": as_json(*models["learnt"], cuts["learnt"]),
        "authored": as_json(*models["authored"], cuts["authored"]),
        "scale": round(float(heads["scale"]), 6),
        "bias": round(float(heads["bias"]), 6),
        "criteria": list(rows.criteria),
        "sources": list(rows.sources),
        "priors": {name: round(value, 4) for name, value in rows.priors.items()},
        "texts": [text_key(text) for text in known],
        "idf": describer.idf,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    if given.encoder != FOLDER / ENCODER:
        (FOLDER / ENCODER).write_bytes(given.encoder.read_bytes())
    (FOLDER / "model.json").write_text(json.dumps(model), encoding="utf-8")
    np.savez_compressed(FOLDER / "bank.npz", **columns_of(rows), texts=pack(texts.of(known)))
    np.savez_compressed(
        FOLDER / "tuned.npz",
        **columns_of(tuned),
        criteria_vectors=pack(heads["criteria_vectors"].astype(np.float32)[order]),
        offsets=heads["offsets"][order].astype(np.float32),
    )
    shipped = (ENCODER, "model.json", "bank.npz", "tuned.npz")
    hashes = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in shipped}
    manifest = {
        "version": 2,
        "trained_on": "evals/gold/train, evals/gold/dev",
        "transcripts": len(items),
        "sha256": hashes,
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {FOLDER.relative_to(ROOT)}")


def embed_known(texts: Sequence[str], embedder: MiniLM) -> dict[str, Any]:
    return dict(zip(map(text_key, texts), embedder.embed(texts), strict=True))


def columns_of(rows: BankRows) -> dict[str, Any]:
    return {name: getattr(rows, name) for name in ("vectors", "criterion", "kind", "source")}


if __name__ == "__main__":
    main()
