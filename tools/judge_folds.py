"""Maintainer's script: puts the numbers of held-out items that tools/judge_encoder.py left into evals/judge/folds.npz.

    python3 run.py -- python tools/judge_folds.py /tmp/judge/out/numbers.npz learnt fold{0..4}
    python3 run.py -- python tools/judge_folds.py /tmp/judge/out/numbers.npz authored scenario{0..3}

Columns that tools/train_judge.py reads: `learnt` (transcripts held out) and `authored` (scenarios held out), each with
`..._quote_found`; tools/judge_tries.py reads the others. Items that no model holds become NaN.
"""

import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "evals/judge/folds.npz"


def main() -> None:
    source, column, *models = sys.argv[1:]
    with np.load(TARGET) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    items = zip(parts["transcript"], parts["criterion"], strict=True)
    places = {(str(transcript), str(criterion)): place for place, (transcript, criterion) in enumerate(items)}
    with np.load(source) as arrays:
        width = arrays[f"{models[0]}/values"].shape[1]
        values = np.full((len(places), width), np.nan, np.float16)
        found = np.zeros(len(places), bool)
        for model in models:
            names = zip(arrays[f"{model}/transcript"], arrays[f"{model}/criterion"], strict=True)
            mine = [places[str(transcript), str(criterion)] for transcript, criterion in names]
            values[mine], found[mine] = arrays[f"{model}/values"], arrays[f"{model}/quote_found"]
    parts |= {column: values, f"{column}_quote_found": found}
    np.savez_compressed(TARGET, **parts)
    print(f"{column}: {int((~np.isnan(values).any(axis=1)).sum())} of {len(values)} items")


if __name__ == "__main__":
    main()
