"""Maintainer's script: puts the fold.npz files of tools/judge_encoder.py into one column of evals/judge/folds.npz.

    python3 run.py -- python tools/judge_folds.py learnt /tmp/judge/fold-*/fold.npz

Columns that tools/train_judge.py reads: `learnt` (transcripts held out) and `authored` (scenarios held out). Items that
no file holds become NaN.
"""

import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "evals/judge/folds.npz"


def main() -> None:
    column, *paths = sys.argv[1:]
    with np.load(TARGET) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    items = zip(parts["transcript"], parts["criterion"], strict=True)
    places = {(str(transcript), str(criterion)): place for place, (transcript, criterion) in enumerate(items)}
    values = np.full_like(parts[column], np.nan)
    for path in paths:
        with np.load(path) as fold:
            rows = zip(fold["transcript"], fold["criterion"], fold["values"], strict=True)
            for transcript, criterion, row in rows:
                values[places[str(transcript), str(criterion)]] = row
    parts[column] = values
    np.savez_compressed(TARGET, **parts)
    print(f"{column}: {int((~np.isnan(values).any(axis=1)).sum())} of {len(values)} items")


if __name__ == "__main__":
    main()
