"""The gate: a run against a baseline, with three ways out. Rules and margins stand in `evals/gates.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from pydantic import Field, ValidationError

from interviewer.errors import QuerySetError
from interviewer.evaluation.record import RunRecord
from interviewer.evaluation.statistics import ALPHA, ROUNDS, Loss, detectable_loss, holm, paired_loss, queries_needed
from interviewer.noun import Noun

Pair = tuple[Sequence[float], Sequence[float], Sequence[str]]
"""Values before and after, and clusters, by place."""


class Verdict(IntEnum):
    """The exit code of the command."""

    PASS = 0
    FAIL = 1
    INCONCLUSIVE = 3


class Rule(Noun):
    """What one measure has to hold: see the head of `gates.toml`."""

    margin: float = Field(gt=0, lt=1)
    spread: float = Field(gt=0, le=1)
    design: float = Field(ge=1)


class Gates(Noun):
    """All rules."""

    least_coverage: float = Field(ge=0, le=1)
    most_unjudged: float = Field(ge=0, le=1)
    most_anchor_move: float = Field(ge=0, le=1)
    seed: int
    measures: dict[str, Rule]


class Finding(NamedTuple):
    """A measure under the gate. `needed` is how many queries would decide it; 0 where it is decided."""

    measure: str
    before: float
    after: float
    loss: Loss
    margin: float
    verdict: Verdict
    needed: int = 0


class GateResult(NamedTuple):
    """`faults` are sentences about what fails without statistics, `doubts` about why nothing can be said."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    faults: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.verdict is Verdict.FAIL)


def read_gates(path: Path) -> Gates:
    """The rules of a file.

    Raises:
        QuerySetError: it cannot be read or has not the form.
    """
    try:
        return Gates.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QuerySetError(f"cannot be read ({error}).", where=str(path)) from None
    except ValidationError as error:
        fault = error.errors()[0]
        raise QuerySetError(f"{fault['msg']}.", where=f"{path}:{'.'.join(map(str, fault['loc']))}") from None


def plan_gate(gates: Gates, record: RunRecord) -> dict[str, tuple[int, float]]:
    """Measure -> (queries, smallest loss that can be detected), from the planned spread: printed before the
    comparison."""
    counts = {name: sum(row.get(name) is not None for row in record.values.values()) for name in gates.measures}
    return {
        name: (count, detectable_loss(count, gates.measures[name].spread, gates.measures[name].design))
        for name, count in counts.items()
        if count
    }


def compare(gates: Gates, before: RunRecord, after: RunRecord, *, rounds: int = ROUNDS) -> GateResult:
    """Whether `after` holds what `before` had.

    PASS: the upper bound of every loss is under its margin. FAIL: a loss is beyond chance (Holm over the measures) and
    its mean beyond the margin, or something fails without statistics. INCONCLUSIVE otherwise, and whenever the two
    cannot be compared.
    """
    faults, doubts = _faults(gates, before, after), list(_doubts(gates, before, after))
    blind = moved_anchor(before, after) > gates.most_anchor_move
    named = {name: before.paired(after, name) for name in gates.measures if not (blind and name in RESPONSE)}
    findings = judge_losses(gates, {name: pair for name, pair in named.items() if pair[0]}, rounds=rounds)
    if not findings:
        doubts.append("The runs share no measured query.")
    verdicts = {one.verdict for one in findings}
    if faults or Verdict.FAIL in verdicts:
        verdict = Verdict.FAIL
    else:
        verdict = Verdict.INCONCLUSIVE if doubts or Verdict.INCONCLUSIVE in verdicts else Verdict.PASS
    return GateResult(verdict, findings, tuple(faults), tuple(doubts))


RESPONSE = frozenset({"live", "oracle", "probe", "frozen", "faithful"})
"""Measures that the judge has a part in."""


def moved_anchor(before: RunRecord, after: RunRecord) -> float:
    """Mean absolute change of the judge's scores on the anchor answers; 0 where the runs share none."""
    shared = [name for name in before.anchor if name in after.anchor]
    return fmean(abs(before.anchor[name] - after.anchor[name]) for name in shared) if shared else 0.0


def judge_losses(gates: Gates, pairs: Mapping[str, Pair], *, rounds: int = ROUNDS) -> tuple[Finding, ...]:
    """Each gated measure by itself; p-values are adjusted over those that are given."""
    losses = {name: paired_loss(*pair, seed=gates.seed, rounds=rounds) for name, pair in pairs.items()}
    adjusted = holm([loss.p_value for loss in losses.values()])
    return tuple(
        _find(name, pairs[name], loss, p_value, gates.measures[name].margin)
        for (name, loss), p_value in zip(losses.items(), adjusted, strict=True)
    )


def _find(name: str, pair: Pair, loss: Loss, p_value: float, margin: float) -> Finding:
    means = fmean(pair[0]), fmean(pair[1])
    if loss.high < margin:
        return Finding(name, *means, loss, margin, Verdict.PASS)
    if loss.low > 0 and p_value < ALPHA and loss.mean > margin:
        return Finding(name, *means, loss, margin, Verdict.FAIL)
    needed = queries_needed(max(abs(margin - loss.mean), margin / 4), loss.spread, loss.design)
    return Finding(name, *means, loss, margin, Verdict.INCONCLUSIVE, max(needed, loss.queries + 1))


def _faults(gates: Gates, before: RunRecord, after: RunRecord) -> list[str]:
    faults = [f"{one.name}: {one.fault}" for one in after.guards if one.fault]
    for name, record in (("baseline", before), ("run", after)):
        if record.coverage < gates.least_coverage:
            faults.append(f"coverage: the {name} answered {record.coverage:.1%} without error.")
    return faults


def _doubts(gates: Gates, before: RunRecord, after: RunRecord) -> list[str]:
    doubts = []
    if before.suite != after.suite or before.manifest.component("evalset") != after.manifest.component("evalset"):
        doubts.append("The runs were asked different queries, or other labels apply.")
    unjudged = 1.0 - (after.mean("judged@10") or 0.0)
    if unjudged > gates.most_unjudged:
        doubts.append(f"{unjudged:.1%} of the first ten passages stand outside the labelled document.")
    if (moved := moved_anchor(before, after)) > gates.most_anchor_move:
        doubts.append(f"The judge moved by {moved:.3f} on the anchor answers; its scores say nothing.")
    return doubts
