"""Maintainer script: passages for `interviewer eval run` from the gold transcripts that nothing is trained on.

    PYTHONPATH=. .venv/bin/python tools/collect_passages.py     # from the top of a checkout

Reads `evals/gold/dev` (quotes of labels `met`) and writes `evals/passages.jsonl`, one row per quote with the bullets
that the annotators gave it for.
"""

import json
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    rows = []
    for path in sorted((ROOT / "evals/gold/dev").glob("*.labels.json")):
        bullets: dict[str, list[str]] = defaultdict(list)
        for label in json.loads(path.read_text(encoding="utf-8")):
            if label["label"] == "met" and label["quote"]:
                bullets[label["quote"]].append(label["bullet"])
        name = path.name.removesuffix(".labels.json")
        rows += [
            {"id": f"{name}-{n}", "text": text, "bullets": ids} for n, (text, ids) in enumerate(bullets.items(), 1)
        ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (ROOT / "evals/passages.jsonl").write_text(lines, encoding="utf-8")
    print(f"{len(rows)} passages")


if __name__ == "__main__":
    main()
