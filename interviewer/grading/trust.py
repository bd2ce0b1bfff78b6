"""How far a judge can be trusted, in a sentence for reports: measured on transcripts that it had not seen."""

import json
from functools import cache
from typing import Any

from interviewer.grading.bank import FOLDER, IDENTITY


def trust_in(judge: str) -> str:
    """What was measured of a judge, by its identity; empty where nothing was.

    >>> trust_in("openai:x+judge@1")
    ''
    """
    if judge != IDENTITY:
        return ""
    figures = _figures()
    met, level, unseen = (_figure(figures, name) for name in ("kappa", "level", "unseen"))
    return (
        "How far to trust it: on labelled transcripts that it had not seen, this judge agreed with the labels on met or"
        f" not at kappa {met} and on levels at weighted kappa {level}, where 1 is full agreement; on drills that it was"
        f" not trained on, met or not at {unseen}. So take a level as a rough mark and read the quotes. The labels are"
        " by language models, not people."
    )


def _figure(figures: dict[str, Any], name: str) -> str:
    value = figures["level_qwk" if name == "level" else "unseen_kappa" if name == "unseen" else name]
    low, high = figures[f"{name}_interval"]
    return f"{value:.2f} (95 % interval {low:.2f} to {high:.2f})"


@cache
def _figures() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["figures"]
    return found
