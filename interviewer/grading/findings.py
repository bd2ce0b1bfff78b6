"""What a language model is asked to answer about a competency, and what is wrong with an answer."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import create_model

from interviewer.noun import Noun
from interviewer.verdict import Label


class Excerpt(Noun):
    """Words that a model says stand in a turn; nobody has checked them."""

    turn: int
    quote: str


class Finding(Noun):
    """One criterion: evidence first, then why, then the verdict. The order of the fields is the order of thought."""

    criterion: str
    evidence: tuple[Excerpt, ...]
    why: str
    verdict: Label


class Findings(Noun):
    findings: tuple[Finding, ...]


@lru_cache(maxsize=512)
def findings_on(criteria: tuple[str, ...]) -> type[Findings]:
    """The form of an answer about these criteria and no others."""
    offered: Any = Literal[criteria]
    finding: Any = create_model("Finding", __base__=Finding, criterion=(offered, ...))
    return create_model("Findings", __base__=Findings, findings=(tuple[finding, ...], ...))


def check_complete(criteria: Sequence[str]) -> Callable[[Findings], str]:
    """A check that gives what is wrong with an answer; empty when each criterion has exactly one finding."""

    def check(found: Findings) -> str:
        counts = Counter(one.criterion for one in found.findings)
        missing = [name for name in criteria if not counts[name]]
        twice = [name for name in criteria if counts[name] > 1]
        faults = [f"no finding for {', '.join(missing)}."] if missing else []
        faults += [f"more than one finding for {', '.join(twice)}."] if twice else []
        return " ".join(faults)

    return check
