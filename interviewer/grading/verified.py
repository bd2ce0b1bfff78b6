"""A model's findings held against the transcript: what stands, and what has to be asked again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.grading.evidence import Ground
from interviewer.grading.findings import Finding
from interviewer.transcript import Quote

MOST_SHARED = 3
"""Criteria of one competency that the same quote may serve; with more it is specific to none."""
_Quotes = Mapping[str, tuple[Quote, ...]]


@dataclass(frozen=True)
class Verified:
    """Findings that hold, with quotes (none for not_met), and those without a quote that counts, with the reason."""

    held: dict[str, tuple[Finding, tuple[Quote, ...]]] = field(default_factory=dict)
    faulty: list[tuple[Finding, str]] = field(default_factory=list)


def verify(findings: Sequence[Finding], ground: Ground) -> Verified:
    """Sort findings by whether their quotes count. `met` and `partial` need one that does; others are dropped."""
    located: _Quotes = {
        one.criterion: _locate(one, ground) for one in findings if one.verdict != "not_met" and one.evidence
    }
    uses = Counter(quote for quotes in located.values() for quote in quotes)
    verified = Verified()
    for one in findings:
        found = located.get(one.criterion, ())
        quotes = tuple(quote for quote in found if uses[quote] <= MOST_SHARED)
        if quotes or one.verdict == "not_met":
            verified.held[one.criterion] = (one, quotes)
        else:
            verified.faulty.append((one, _why(one, found, ground)))
    return verified


def _locate(finding: Finding, ground: Ground) -> tuple[Quote, ...]:
    quotes = (ground.find_quote(one.quote, one.turn) for one in finding.evidence)
    return tuple(dict.fromkeys(quote for quote in quotes if quote is not None))


def _why(finding: Finding, found: Sequence[Quote], ground: Ground) -> str:
    if found:
        return f"The same words serve more than {MOST_SHARED} criteria, so they are specific to none."
    if not finding.evidence:
        return "No words are quoted."
    return ground.fault_of(finding.evidence[0].quote)
