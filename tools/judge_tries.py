"""Maintainer's script: the table of tries for the embedded judge, cross-validated, with paired differences.

    python3 run.py -- python tools/judge_tries.py

Reads evals/judge/folds.npz: for every gold item the numbers that each model gave while its fold (whole transcripts, or
whole scenarios) was held out of its training. A logistic model and its threshold are fitted on the other folds. Half a
minute of CPU; deterministic. Differences are to the shipped combination, 95 % by bootstrap over transcripts.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

FOLDS = Path(__file__).resolve().parents[1] / "evals/judge/folds.npz"
SHIPPED = "4 layers + wordings (shipped)"
ROUNDS = 400
FIT, MARGIN = 0, 1
Array = NDArray[np.float64]


def held_out(table: Array, met: NDArray[np.bool_], groups: NDArray[np.int64]) -> tuple[Array, NDArray[np.bool_]]:
    """Probabilities and verdicts of each item by a model that has not seen its group."""
    probability, verdict = np.zeros(len(met)), np.zeros(len(met), bool)
    for group in np.unique(groups):
        train, test = groups != group, groups == group
        mean, scale = table[train].mean(axis=0), table[train].std(axis=0) + 1e-6
        model = LogisticRegression(max_iter=5000).fit((table[train] - mean) / scale, met[train])
        seen = model.predict_proba((table[train] - mean) / scale)[:, 1]
        steps = np.arange(0.3, 0.7, 0.01)
        cut = max(steps, key=lambda at: cohen_kappa_score(met[train], seen >= at))
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
    verdicts = {name: held_out(table, met, groups) for name, table in tries.items()}
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
        print(f"| {name} | {figures}{low:+.3f} to {high:+.3f} |", flush=True)


def main() -> None:
    with np.load(FOLDS) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    four, six, asked = (parts[name].astype(float) for name in ("learnt", "six_layers", "six_layers_question"))
    base, cross = parts["base"].astype(float), parts["cross"].astype(float)
    tries = {
        "version 1 on today's bank": base,
        "cross-encoder over the ten best sentences": cross,
        "4 layers, fit alone": four[:, [FIT]],
        "6 layers, fit alone": six[:, [FIT]],
        "6 layers, the question read too, fit alone": asked[:, [FIT]],
        "4 layers, with its own exemplars": four,
        "4 layers, fit and margin + wordings": np.hstack([four[:, [FIT, MARGIN]], base]),
        SHIPPED: np.hstack([four, base]),
        "4 layers + wordings + cross-encoder": np.hstack([four, base, cross]),
        "6 layers + wordings": np.hstack([six, base]),
        "6 layers + wordings + cross-encoder": np.hstack([six, base, cross]),
        "three encoders + wordings": np.hstack([four, six, asked, base]),
        "three encoders + wordings + cross-encoder": np.hstack([four, six, asked, base, cross]),
    }
    print("Whole transcripts held out\n")
    print_table(tries, parts, parts["fold"].astype(np.int64), SHIPPED)
    known = ~np.isnan(parts["authored"].astype(float)).any(axis=1)
    some = {name: values[known] for name, values in parts.items()}
    four, base, cross = (some[name].astype(float) for name in ("authored", "base_authored", "cross_authored"))
    tries = {
        "version 1": base,
        "cross-encoder": cross,
        "4 layers, fit alone": four[:, [FIT]],
        SHIPPED: np.hstack([four, base]),
        "4 layers + wordings + cross-encoder": np.hstack([four, base, cross]),
    }
    scenarios = np.array([int(str(name)[1:3]) for name in some["criterion"]])
    print(f"\nWhole scenarios held out ({len(np.unique(scenarios))} of 12)\n")
    print_table(tries, some, scenarios, SHIPPED)


if __name__ == "__main__":
    main()
