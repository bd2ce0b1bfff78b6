"""Whether the smoke set is where the baseline had it: what a rollback is held to."""

from typing import NamedTuple

from interviewer.evaluation.record import RunRecord

TOLERANCE = 0.08  # of a mean over 30 queries; the smoke set sees collapses only
WATCHED = ("hit@5", "ndcg@10", "right_scenario", "context_recall", "live", "faithful")


class Restoration(NamedTuple):
    """`restored` is None where it cannot be told; `says` is the sentence to show."""

    restored: bool | None
    says: str


def check_restored(baseline: RunRecord | None, after: RunRecord) -> Restoration:
    """Hold a smoke run after a rollback against the smoke baseline."""
    if baseline is None:
        return Restoration(None, "There is no smoke baseline to hold it against.")
    if baseline.manifest.component("evalset") != after.manifest.component("evalset"):
        return Restoration(None, "The smoke baseline is of another eval set.")
    if after.errors:
        return Restoration(False, f"{len(after.errors)} queries of the smoke set could not be answered.")
    pairs = {name: (baseline.mean(name), after.mean(name)) for name in WATCHED}
    short = [
        f"{name} {new:.3f} instead of {old:.3f}"
        for name, (old, new) in pairs.items()
        if old is not None and new is not None and new < old - TOLERANCE
    ]
    if short:
        return Restoration(False, f"The smoke set is not where it was: {', '.join(short)}.")
    return Restoration(True, "The smoke set is where the baseline had it.")
