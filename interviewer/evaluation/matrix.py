"""The drill of the evals themselves: faults are put in on purpose, and what is detected and blamed is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interviewer.evaluation.attribution import attribute
from interviewer.evaluation.faults import Fault, Site, apply
from interviewer.evaluation.gates import Gates, Verdict, moved_anchor, plan_gate
from interviewer.evaluation.record import RunRecord
from interviewer.evaluation.setup import Kept, Setup
from interviewer.evaluation.workshop import Workshop
from interviewer.noun import Noun

ROUNDS = 2000  # of the bootstrap; the matrix compares often
MOST_INNOCENT = 2
LEAST_FOUND, MOST_BLAME = 0.95, 0.02


class Injected(Noun):
    """A change of one run: `size` is the loss that it causes alone, as a multiple of what can be detected."""

    fault: str
    component: str
    innocent: bool
    values: dict[str, Any]
    size: float = 0.0


class Case(Noun):
    """One run: what was put in, what the gate said, and who was blamed.

    `right` says that every fault above the detectable size was blamed, and nothing that was not put in as a fault.
    """

    number: int
    injected: tuple[Injected, ...]
    verdict: str
    detected: bool
    blamed: tuple[str, ...]
    right: bool
    innocent_blamed: bool
    below_detectable: bool
    said: str
    ms: float = 0.0


class Summary(Noun):
    """Counts and shares. `detected` and `attributed` are shares of the runs with a fault above the detectable size,
    `innocent_blame` of all runs with a change, `false_alarms` counts runs without one that did not pass."""

    runs: int
    faulty: int
    detected: float
    attributed: float
    innocent_blame: float
    no_change_runs: int
    false_alarms: int
    below_detectable: int


class Matrix(Noun):
    """Everything, with the loss that can be detected, by measure."""

    summary: Summary
    cases: tuple[Case, ...]
    detectable: dict[str, float]
    seed: int


@dataclass(frozen=True)
class Plan:
    """How many runs with faults, how many without any change, and from which seed."""

    runs: int
    no_change: int
    seed: int


class Drill:
    """Runs cases against one good setup."""

    def __init__(self, workshop: Workshop, gates: Gates, good: Setup, faults: Mapping[str, Fault]) -> None:
        self._workshop, self._gates, self._good = workshop, gates, good
        self._faults = [one for one in faults.values() if not one.innocent]
        self._innocent = [one for one in faults.values() if one.innocent]
        self._site = Site(workshop.folder)
        self._before = workshop.record(good, "good")
        self._before = workshop.record(good, "good", self._before.contexts)
        self.detectable = {
            name: round(max(loss, gates.measures[name].margin), 4)
            for name, (_, loss) in plan_gate(gates, self._before).items()
        }
        self._alone: dict[str, float] = {}

    def run(self, number: int, seed: int, *, changed: bool) -> Case:
        """One case; everything that is left to chance follows from seed and number."""
        began = self._workshop.clock()
        random = np.random.default_rng([seed, number])
        chosen = self._choose(number, random) if changed else []
        now, injected = self._good, []
        for fault in chosen:
            values = fault.draw(random)
            mark = int(random.integers(2**31))
            now = apply(fault, values, now, np.random.default_rng(mark), self._site)
            injected.append(self._describe(fault, values, mark))
        if not changed:
            now = _built_again(now, number)
        case = self._judge(number, now, injected)
        return case.model_copy(update={"ms": round((self._workshop.clock() - began) * 1000)})

    def _choose(self, number: int, random: np.random.Generator) -> list[Fault]:
        """Every fault in turn: alone, then in a pair with another component's, then again; with innocent changes
        beside, and every eighth run with innocent changes only."""
        chosen: list[Fault] = []
        if number % 8 != 7:
            chosen.append(self._faults[(number - number // 8) % len(self._faults)])
            if number // len(self._faults) % 2:
                others = [one for one in self._faults if one.component != chosen[0].component]
                chosen.append(others[int(random.integers(len(others)))])
        least = 0 if chosen else 1
        for place in random.permutation(len(self._innocent))[: int(random.integers(least, MOST_INNOCENT + 1))]:
            innocent = self._innocent[int(place)]
            if innocent.component not in {one.component for one in chosen}:
                chosen.append(innocent)
        return chosen or [self._innocent[int(random.integers(len(self._innocent)))]]

    def _describe(self, fault: Fault, values: Mapping[str, Any], mark: int) -> Injected:
        size = 0.0 if fault.innocent else self._size(fault, values, mark)
        return Injected(
            fault=fault.name, component=fault.component, innocent=fault.innocent, values=dict(values), size=size
        )

    def _size(self, fault: Fault, values: Mapping[str, Any], mark: int) -> float:
        """The loss that a fault causes alone, in its worst measure, as a multiple of what can be detected there; at
        least 1 where a check without statistics fails."""
        key = f"{fault.name} {sorted(values.items())} {mark if fault.change == 'older_corpus' else ''}"
        if key not in self._alone:
            setup = apply(fault, values, self._good, np.random.default_rng(mark), self._site)
            asks = fault.component in ("prompt", "model", "judge")
            record = self._workshop.record(setup, "alone", self._before.contexts, with_model=asks)
            self._alone[key] = self._worst(record)
        return self._alone[key]

    def _worst(self, record: RunRecord) -> float:
        moved = moved_anchor(self._before, record) / self._gates.most_anchor_move
        losses = [
            ((self._before.mean(name) or 0.0) - found) / least
            for name, least in self.detectable.items()
            if (found := record.mean(name)) is not None
        ]
        guarded = [1.0 for guard in record.guards if guard.fault]
        # a judge that moved says nothing about the answers; its own size is that of the move
        return round(max([moved, *guarded] if moved > 1 else [*losses, *guarded]), 2)

    def _judge(self, number: int, now: Setup, injected: Sequence[Injected]) -> Case:
        after = self._workshop.record(now, f"case-{number}", self._before.contexts)
        found = attribute(self._workshop, self._gates, self._good, now, self._before, after, rounds=ROUNDS)
        faults = {one.component for one in injected if not one.innocent}
        due = {one.component for one in injected if not one.innocent and one.size >= 1}
        blamed = set(found.blamed)
        detected = found.result.verdict is Verdict.FAIL or bool(blamed)
        return Case(
            number=number,
            injected=tuple(injected),
            verdict=found.result.verdict.name,
            detected=detected,
            blamed=found.blamed,
            right=due <= blamed <= faults,
            innocent_blamed=bool(blamed - faults),
            below_detectable=bool(faults) and not due,
            said=_say(found.result.verdict, found.blamed, self.detectable),
        )


def summarise(cases: Sequence[Case]) -> Summary:
    """The counts over all cases."""
    changed = [one for one in cases if one.injected]
    due = [one for one in changed if any(not two.innocent for two in one.injected) and not one.below_detectable]
    unchanged = [one for one in cases if not one.injected]
    return Summary(
        runs=len(changed),
        faulty=len(due),
        detected=_share([one.detected for one in due]),
        attributed=_share([one.right for one in due]),
        innocent_blame=_share([one.innocent_blamed for one in changed]),
        no_change_runs=len(unchanged),
        false_alarms=sum(one.verdict != Verdict.PASS.name or bool(one.blamed) for one in unchanged),
        below_detectable=sum(one.below_detectable for one in changed),
    )


def join_matrix(cases: Sequence[Case], detectable: Mapping[str, float], seed: int) -> Matrix:
    """The matrix of cases that were run one by one."""
    return Matrix(summary=summarise(cases), cases=tuple(cases), detectable=dict(detectable), seed=seed)


def meets_targets(summary: Summary) -> bool:
    """Whether at least 95 % of the faults are detected and blamed, innocent changes blamed in at most 2 %, and every
    run without a change passes."""
    good = summary.detected >= LEAST_FOUND and summary.attributed >= LEAST_FOUND
    return good and summary.innocent_blame <= MOST_BLAME and summary.false_alarms == 0


def confusion(cases: Sequence[Case]) -> dict[str, dict[str, int]]:
    """What was put in (faults joined by `+`, `innocent only`, `nothing`) -> what was blamed -> how often."""
    table: dict[str, dict[str, int]] = {}
    for one in cases:
        row = table.setdefault(_names(one), {})
        blamed = "+".join(sorted(one.blamed)) or "nobody"
        row[blamed] = row.get(blamed, 0) + 1
    return table


def _names(case: Case) -> str:
    faults = sorted({one.component for one in case.injected if not one.innocent})
    return "+".join(faults) or ("innocent only" if case.injected else "nothing")


def _built_again(good: Setup, number: int) -> Setup:
    """The same system with an index that was built again, and so other bytes on disk."""
    return replace(good, index=Kept(build=1000 + number % 5))


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 1.0


def _say(verdict: Verdict, blamed: Sequence[str], detectable: Mapping[str, float]) -> str:
    if blamed:
        return f"{verdict.name}: {', '.join(blamed)}."
    if verdict is Verdict.PASS:
        return "PASS: no loss."
    least = ", ".join(f"{name} {loss:.3f}" for name, loss in list(detectable.items())[:3])
    return f"{verdict.name}: what was lost, if anything, is below the detectable size ({least}, ...)."


def line_of(case: Case) -> str:
    """A case in one line."""
    put = ", ".join(f"{one.fault}{'' if one.innocent else f' x{one.size:.1f}'}" for one in case.injected) or "nothing"
    mark = "" if case.right else "  WRONG"
    blamed = ", ".join(case.blamed) or "nobody"
    return f"{case.number:>3} {put} -> {case.verdict} {blamed}{mark} ({case.ms / 1000:.1f} s)"
