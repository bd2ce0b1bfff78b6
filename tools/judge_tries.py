"""Maintainer's script: the table of tries for the embedded judge, cross-validated, with paired differences.

    python3 run.py -- python tools/judge_tries.py

Reads evals/judge/folds.npz: for every gold item the numbers that each model gave while its fold (whole transcripts, or
whole scenarios) was held out of its training. A logistic model and its threshold are fitted on the other folds. Six
minutes of CPU; deterministic. Differences are to what ships, 95 % by bootstrap over transcripts.
"""

from pathlib import Path
from typing import Any

import numpy as np
from judge_data import fold_of
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from train_judge import ROOT, other_rows, read_criteria

from interviewer.grading.shared_words import WORD_FEATURES
from interviewer.rubrics.read import read_rubrics

FOLDS = Path(__file__).resolve().parents[1] / "evals/judge/folds.npz"
SHIPPED = "**960 written, wordings of gold, words in common (shipped)**"
ROUNDS = 400
FIT, MARGIN, EXEMPLARS, CHECKS = [0], [0, 1], list(range(9)), [9, 10]
Array = NDArray[np.float64]


def held_out(
    table: Array, met: NDArray[np.bool_], groups: NDArray[np.int64], *, trees: bool = False
) -> tuple[Array, NDArray[np.bool_]]:
    """Probabilities and verdicts of each item by a model that has not seen its group."""
    probability, verdict = np.zeros(len(met)), np.zeros(len(met), bool)
    for group in np.unique(groups):
        train, test = groups != group, groups == group
        mean, scale = table[train].mean(axis=0), table[train].std(axis=0) + 1e-6
        model: Any = LogisticRegression(max_iter=5000)
        if trees:
            model = HistGradientBoostingClassifier(max_iter=80, learning_rate=0.06, max_leaf_nodes=8, random_state=1)
        model.fit((table[train] - mean) / scale, met[train])
        seen = model.predict_proba((table[train] - mean) / scale)[:, 1]
        cut = max(np.arange(0.3, 0.7, 0.01), key=lambda at: cohen_kappa_score(met[train], seen >= at))
        probability[test] = model.predict_proba((table[test] - mean) / scale)[:, 1]
        verdict[test] = probability[test] >= cut
    return probability, verdict


def kappa(met: NDArray[np.bool_], verdict: NDArray[np.bool_]) -> float:
    share, said = met.mean(), verdict.mean()
    chance = share * said + (1 - share) * (1 - said)
    return float(((met == verdict).mean() - chance) / (1 - chance))


def draws(transcripts: NDArray[Any]) -> list[NDArray[np.int64]]:
    """Bootstrap samples of items, whole transcripts drawn with replacement."""
    names = np.unique(transcripts)
    members = {name: np.flatnonzero(transcripts == name) for name in names}
    random = np.random.default_rng(20261126)
    return [np.concatenate([members[name] for name in random.choice(names, len(names))]) for _ in range(ROUNDS)]


def print_table(tries: dict[str, Array], parts: dict[str, Any], groups: NDArray[np.int64], base: str) -> None:
    met, transcripts = parts["label"] == 2, parts["transcript"]
    middling = np.array([str(name).startswith(("tr3-", "tr4-")) for name in transcripts])
    samples = draws(transcripts)
    verdicts = {name: held_out(table, met, groups, trees="trees" in name) for name, table in tries.items()}
    reference = verdicts[base][1]
    print("| try | kappa met | interval | middling | kappa of the surest 60 % | difference to the shipped one |")
    print("|---|---|---|---|---|---|")
    for name, (probability, verdict) in verdicts.items():
        bounds = np.quantile([kappa(met[rows], verdict[rows]) for rows in samples], [0.025, 0.975])
        paired = [kappa(met[rows], verdict[rows]) - kappa(met[rows], reference[rows]) for rows in samples]
        low, high = np.quantile(paired, [0.025, 0.975])
        distance = np.abs(probability - 0.5)
        sure = distance >= np.quantile(distance, 0.4)
        figures = f"{kappa(met, verdict):.3f} | {bounds[0]:.3f} to {bounds[1]:.3f} | "
        figures += f"{kappa(met[middling], verdict[middling]):.3f} | {kappa(met[sure], verdict[sure]):.3f} | "
        print(f"| {name} | {figures}{f'{low:+.3f} to {high:+.3f}' if name != base else ''} |", flush=True)


def main() -> None:
    with np.load(FOLDS) as arrays:
        parts: dict[str, Any] = {
            name: arrays[name].astype(float) if arrays[name].dtype == np.float16 else arrays[name]
            for name in arrays.files
        }
    items = [(str(one), str(name)) for one, name in zip(parts["transcript"], parts["criterion"], strict=True)]
    others = other_rows(read_criteria(read_rubrics(ROOT / "rubrics")), items)
    base, cross, learnt = parts["base"], parts["cross"], parts["learnt"]
    shipped, space = np.hstack([learnt, others["learnt"]]), others["authored"][:, len(WORD_FEATURES) :]
    four, six, asked = parts["four_layers"], parts["six_layers"], parts["six_layers_question"]
    gold, half = parts["gold_only"], parts["half_written"]
    tries = {
        "version 1 (untuned encoder, wordings) with today's bank": base,
        "cross-encoder over the ten best sentences together": cross,
        "version 2: four layers + version 1": np.hstack([four, base]),
        "the same + cross-encoder": np.hstack([four, base, cross]),
        "six layers + version 1": np.hstack([six, base]),
        "three encoders + version 1 + cross-encoder": np.hstack([four, six, asked, base, cross]),
        "six layers trained as a stack, with phrasings, gold alone: fit": gold[:, FIT],
        "gold alone, with exemplars": gold[:, EXEMPLARS],
        "gold alone, + checker (two layers over the three best sentences)": gold,
        "gold alone, + checker + version 1": np.hstack([gold, base]),
        "590 written transcripts added: fit": half[:, FIT],
        "590 written, with exemplars": half[:, EXEMPLARS],
        "590 written, + checker": half,
        "590 written, + checker + version 1": np.hstack([half, base]),
        "960 written: fit": learnt[:, FIT],
        "960 written, 20 wordings of each kind kept": parts["learnt_some"],
        "960 written, all wordings": parts["learnt_all"],
        "960 written, wordings of gold alone": learnt,
        SHIPPED: shipped,
        "the same, boosted trees in place of the logistic": shipped,
        "the same + the retrieval encoder": np.hstack([shipped, space]),
        "the same + version 1": np.hstack([shipped, base]),
        "an ensemble: with the two stacks above": np.hstack([shipped, half, gold]),
    }
    print("Whole transcripts held out\n")
    folds = np.array([fold_of(str(name)) for name in parts["transcript"]])
    print_table(tries, parts, folds, SHIPPED)
    some = ~np.isnan(parts["plain"]).any(axis=1)
    print("\nThe first two folds: without phrasings alone, refusals and marked near misses\n")
    tries = {"without": parts["plain"][some], "with": learnt[some]}
    print_table(tries, {name: values[some] for name, values in parts.items()}, folds[some], "with")
    scenarios = np.array([int(str(name)[1:3]) for name in parts["criterion"]])
    half, authored = parts["half_written_authored"], np.hstack([parts["authored"], others["authored"]])
    words = others["authored"]
    tries = {
        "590 written: fit and margin": half[:, MARGIN],
        "the same + checker": half[:, [*MARGIN, *CHECKS]],
        "960 written: fit and margin": authored[:, MARGIN],
        "960 written, authored phrasings as wordings": parts["authored"],
        "words in common and the retrieval encoder, no encoder of its own": words,
        "**all of it (shipped)**": authored,
    }
    print("\nWhole scenarios held out\n")
    print_table(tries, parts, scenarios, "**all of it (shipped)**")
    known = ~np.isnan(parts["four_layers_authored"]).any(axis=1)
    part = {name: values[known] for name, values in parts.items()}
    tries = {
        "version 1": part["base_authored"],
        "version 2": np.hstack([part["four_layers_authored"], part["base_authored"]]),
        "version 2 + cross-encoder": np.hstack(
            [part["four_layers_authored"], part["base_authored"], part["cross_authored"]]
        ),
        "**version 3 (shipped)**": authored[known],
        "the same + version 1": np.hstack([authored[known], part["base_authored"]]),
    }
    print("\nWhole scenarios held out, the nine that the older ones were measured on\n")
    print_table(tries, part, scenarios[known], "**version 3 (shipped)**")


if __name__ == "__main__":
    main()
