"""Which component a loss comes from: the layer by the arms, the part of the retrieval by rolling back one at a time.

No model is asked again: the arms are in the record already, and a rolled-back part is judged by the retrieval alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial
from statistics import fmean
from typing import NamedTuple

import numpy as np

from interviewer.evaluation.gates import (
    RESPONSE,
    Finding,
    GateResult,
    Gates,
    Verdict,
    compare,
    judge_losses,
    moved_anchor,
)
from interviewer.evaluation.record import RunRecord
from interviewer.evaluation.relevance import Values
from interviewer.evaluation.setup import RETRIEVAL, Setup, changed_components, rolled_back
from interviewer.evaluation.statistics import ALPHA, Loss, Restored, paired_loss, restored_share
from interviewer.evaluation.workshop import Workshop

LEAST_SHARE = 0.3
TOGETHER = (0.7, 1.3)  # the sum of what single parts restore, beyond which they act together
MOST_PLAYERS = 4
COMMANDS = {
    "index": "interviewer index rollback",
    "corpus": "interviewer index rollback",
    "splitter": "interviewer index rollback",
    "embedder": "interviewer index rollback",
    "retriever": "git revert the change of interviewer/index/ranking.py",
    "prompt": "interviewer prompt rollback",
    "model": "interviewer fallback on",
    "judge": "pin the judge that the baseline names, then interviewer eval run",
}


class Culprit(NamedTuple):
    """A component to blame: by which measure, how much of its loss it explains, and what to type."""

    component: str
    measure: str
    share: float
    low: float
    high: float
    why: str

    @property
    def command(self) -> str:
        return COMMANDS[self.component]


class Evidence(NamedTuple):
    """A line of the evidence table: what was tried and what came of it."""

    what: str
    measure: str
    loss: float
    low: float
    high: float
    verdict: str


class Attribution(NamedTuple):
    """What a comparison came to and why.

    `changed` are the components that differ, `culprits` those to blame, `affected` the queries that lost in a failing
    measure, `shapley` the value of each part (in points of its measure) where parts act together, `unexplained` the
    measures that still fail with all culprits rolled back.
    """

    result: GateResult
    changed: tuple[str, ...]
    culprits: tuple[Culprit, ...]
    evidence: tuple[Evidence, ...]
    affected: tuple[str, ...]
    shapley: dict[str, float]
    unexplained: tuple[str, ...]

    @property
    def blamed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.component for one in self.culprits))


def attribute(
    workshop: Workshop, gates: Gates, good: Setup, now: Setup, before: RunRecord, after: RunRecord, *, rounds: int
) -> Attribution:
    """What `after` (a run of `now`) lost against `before` (a run of `good`), and which components it comes from."""
    inquiry = _Inquiry(workshop, gates, good, now, before, after, rounds)
    result = compare(gates, before, after, rounds=rounds)
    inquiry.question_judge()
    inquiry.question_guards()
    inquiry.question_model()
    inquiry.question_prompt()
    unexplained = inquiry.question_retrieval()
    return Attribution(
        result=result,
        changed=inquiry.changed,
        culprits=tuple(inquiry.culprits),
        evidence=tuple(inquiry.evidence),
        affected=_affected(before, after, [one.measure for one in result.failed]),
        shapley=inquiry.shapley,
        unexplained=unexplained,
    )


class _Inquiry:
    """One attribution under way: each question adds culprits and evidence."""

    def __init__(
        self,
        workshop: Workshop,
        gates: Gates,
        good: Setup,
        now: Setup,
        before: RunRecord,
        after: RunRecord,
        rounds: int,
    ) -> None:
        self._workshop, self._gates, self._rounds = workshop, gates, rounds
        self._good, self._now, self._before, self._after = good, now, before, after
        self.changed = changed_components(now, good)
        self.culprits: list[Culprit] = []
        self.evidence: list[Evidence] = []
        self.shapley: dict[str, float] = {}

    def question_judge(self) -> None:
        """The anchor answers never change: when their scores do, the judge did, and the answers are judged anew by the
        judge that was good."""
        moved = moved_anchor(self._before, self._after)
        if moved <= self._gates.most_anchor_move:
            return
        self._blame("judge", "anchor", Restored(1.0, 1.0, 1.0, moved), "fixed answers are scored otherwise")
        self.evidence.append(Evidence("anchor answers", "anchor", moved, moved, moved, "moved"))
        self._now = replace(self._now, judge=self._good.judge)
        self._after = self._workshop.record(self._now, self._after.id, self._before.contexts)

    def question_guards(self) -> None:
        for guard in self._after.guards:
            if guard.fault:
                self._blame(guard.component, guard.name, Restored(1.0, 1.0, 1.0, 0.0), guard.fault)
                self.evidence.append(Evidence(guard.fault, guard.name, 0.0, 0.0, 0.0, "guard"))

    def question_model(self) -> None:
        """Frozen prompt, gold passages: only the model can move the probe."""
        for measure in ("probe", "faithful.probe"):
            loss = self._loss(*self._before.paired(self._after, measure))
            if self._note("probe arm", measure, loss):
                share = Restored(1.0, loss.low / loss.mean, loss.high / loss.mean, loss.mean)
                self._blame("model", measure, share, "the probe fell: frozen prompt, gold passages")

    def question_prompt(self) -> None:
        """Oracle and probe share model and passages: what the oracle lost beyond the probe is the prompt's."""
        for oracle, probe in (("oracle", "probe"), ("faithful.oracle", "faithful.probe")):
            loss = self._loss(*self._difference(oracle, probe))
            if self._note("oracle beyond probe", oracle, loss):
                share = Restored(1.0, loss.low / loss.mean, loss.high / loss.mean, loss.mean)
                self._blame("prompt", oracle, share, "the oracle fell beyond the probe: same model, same passages")

    def question_retrieval(self) -> tuple[str, ...]:
        """Roll back the part that restores most, look again, and so on until the gate holds."""
        candidates = [name for name in self.changed if name in RETRIEVAL]
        good, done = self._workshop.measure(self._good), list[str]()
        first = True
        while True:
            now = self._workshop.measure(rolled_back(self._now, self._good, tuple(done)))
            failing = self._failing(good, now)
            left = [name for name in candidates if name not in done]
            if not failing or not left:
                return tuple(one.measure for one in failing)
            worst = max(failing, key=lambda one: one.loss.mean / one.margin)
            restored = {name: self._restore(worst.measure, good, now, (*done, name)) for name in left}
            if first:
                self._note_rollbacks(worst.measure, restored)
                self._play(worst.measure, good, left, restored)
                first = False
            best = max(left, key=lambda name: restored[name].mean)
            found = restored[best]
            if not (found.low > 0 and (found.share > LEAST_SHARE or found.mean > worst.margin)):
                return tuple(one.measure for one in failing)
            done.append(best)
            self._blame(best, worst.measure, found, "rolled back alone, the retrieval recovers")

    def _failing(self, good: Mapping[str, Values], now: Mapping[str, Values]) -> list[Finding]:
        """Gated measures of the retrieval that fail."""
        names = [name for name in self._gates.measures if name not in RESPONSE]
        pairs = {name: _pair(good, now, name, self._clusters) for name in names}
        usable = {name: pair for name, pair in pairs.items() if pair[0]}
        found = judge_losses(self._gates, usable, rounds=self._rounds)
        return [one for one in found if one.verdict is Verdict.FAIL]

    def _restore(
        self, measure: str, good: Mapping[str, Values], now: Mapping[str, Values], names: tuple[str, ...]
    ) -> Restored:
        rolled = self._workshop.measure(rolled_back(self._now, self._good, names))
        (whole, lost, back), clusters = _columns((good, now, rolled), measure, self._clusters)
        return restored_share(whole, lost, back, clusters, seed=self._gates.seed, rounds=self._rounds)

    def _play(
        self, measure: str, good: Mapping[str, Values], players: Sequence[str], restored: Mapping[str, Restored]
    ) -> None:
        """Shapley values (Shapley 1953), where what single parts restore does not add up to the loss."""
        together = sum(one.share for one in restored.values())
        moving = sorted(players, key=lambda name: -abs(restored[name].mean))[:MOST_PLAYERS]
        if TOGETHER[0] <= together <= TOGETHER[1] or len(moving) < 2:
            return
        worth = {
            chosen: _mean(self._workshop.measure(rolled_back(self._now, self._good, chosen)), measure)
            for size in range(len(moving) + 1)
            for chosen in combinations(moving, size)
        }
        self.shapley = {name: shapley_value(name, moving, worth) for name in moving}

    def _note_rollbacks(self, measure: str, restored: Mapping[str, Restored]) -> None:
        for name, one in restored.items():
            self.evidence.append(
                Evidence(f"{name} rolled back alone", measure, one.share, one.low, one.high, "share restored")
            )

    def _note(self, what: str, measure: str, loss: Loss) -> bool:
        """Keep an arm as evidence; whether it lost beyond chance and beyond the margin."""
        margin = self._gates.measures[measure.partition(".")[0]].margin  # `faithful.probe` is held to `faithful`
        fell = loss.low > 0 and loss.p_value < ALPHA and loss.mean > margin
        self.evidence.append(Evidence(what, measure, loss.mean, loss.low, loss.high, "fell" if fell else "flat"))
        return fell

    def _loss(self, before: Sequence[float], after: Sequence[float], clusters: Sequence[str]) -> Loss:
        if not before:
            return Loss(0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0)
        return paired_loss(before, after, clusters, seed=self._gates.seed, rounds=self._rounds)

    def _difference(self, upper: str, lower: str) -> tuple[list[float], list[float], list[str]]:
        """(upper - lower) before and after, over the queries that have all four."""
        rows = []
        for query, asked in self._before.asked.items():
            old, new = self._before.values.get(query, {}), self._after.values.get(query, {})
            four = [old.get(upper), old.get(lower), new.get(upper), new.get(lower)]
            if all(one is not None for one in four):
                a, b, c, d = (float(one) for one in four if one is not None)
                rows.append((a - b, c - d, asked.cluster))
        return [one[0] for one in rows], [one[1] for one in rows], [one[2] for one in rows]

    @property
    def _clusters(self) -> Mapping[str, str]:
        return {query: asked.cluster for query, asked in self._before.asked.items()}

    def _blame(self, component: str, measure: str, restored: Restored, why: str) -> None:
        if component not in {one.component for one in self.culprits}:
            share = Culprit(component, measure, restored.share, restored.low, restored.high, why)
            self.culprits.append(share)


def shapley_value(name: str, players: Sequence[str], worth: Mapping[tuple[str, ...], float]) -> float:
    """What a part is worth on average over the orders in which parts can be rolled back.

    `worth` gives the mean of every subset of the players, each in their order.

    >>> shapley_value("a", ["a", "b"], {(): 0.0, ("a",): 1.0, ("b",): 0.0, ("a", "b"): 1.0})
    1.0
    """
    others = [one for one in players if one != name]
    total = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(players))
        for chosen in combinations(others, size):
            joined = tuple(one for one in players if one == name or one in chosen)
            total += weight * (worth[joined] - worth[chosen])
    return total


def _pair(
    one: Mapping[str, Values], other: Mapping[str, Values], measure: str, clusters: Mapping[str, str]
) -> tuple[list[float], list[float], list[str]]:
    columns, names = _columns((one, other), measure, clusters)
    return columns[0], columns[1], names


def _columns(
    runs: Sequence[Mapping[str, Values]], measure: str, clusters: Mapping[str, str]
) -> tuple[list[list[float]], list[str]]:
    """Values of a measure in several runs over the queries that have it in all, and their clusters."""
    rows = {query: [run.get(query, {}).get(measure) for run in runs] for query in clusters}
    whole = {query: [one for one in row if one is not None] for query, row in rows.items()}
    kept = {query: row for query, row in whole.items() if len(row) == len(runs)}
    columns = np.array(list(kept.values())).T.tolist() if kept else [[] for _ in runs]
    return columns, [clusters[query] for query in kept]


def _mean(run: Mapping[str, Values], measure: str) -> float:
    found = [value for row in run.values() if (value := row.get(measure)) is not None]
    return fmean(found) if found else 0.0


def _affected(before: RunRecord, after: RunRecord, measures: Sequence[str]) -> tuple[str, ...]:
    """Queries that lost something in one of these measures."""
    found = []
    for query, row in before.values.items():
        other = after.values.get(query, {})
        pairs = [(row.get(name), other.get(name)) for name in measures]
        if any(old is not None and new is not None and new < old - 1e-9 for old, new in pairs):
            found.append(query)
    return tuple(found)
