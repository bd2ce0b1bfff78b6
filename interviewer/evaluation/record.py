"""A run as it is kept: what was evaluated, down to the last component, and what every query gave."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal

from pydantic import Field

from interviewer.evaluation.evalset import EvalQuery
from interviewer.evaluation.relevance import Values
from interviewer.manifest import SHORT_DIGEST, Parameter, canonical_json
from interviewer.noun import Noun

COMPONENTS = ("corpus", "splitter", "embedder", "index", "retriever", "prompt", "model", "judge", "evalset")
Suite = Literal["full", "smoke"]


class Component(Noun):
    """A part of what is evaluated: its name (one of `COMPONENTS`) and what tells two states of it apart."""

    name: str
    parts: dict[str, Parameter]

    @property
    def digest(self) -> str:
        """16 hex digits of the hash of the parts."""
        return sha256(canonical_json(self.parts).encode()).hexdigest()[:SHORT_DIGEST]


class Change(Noun):
    """A part of a component that differs; None where it was not there."""

    component: str
    part: str
    before: Parameter | None
    after: Parameter | None


class RunManifest(Noun):
    """All nine components, in the order of `COMPONENTS`."""

    components: tuple[Component, ...]

    def component(self, name: str) -> Component:
        return next(one for one in self.components if one.name == name)

    def changes(self, other: "RunManifest") -> tuple[Change, ...]:
        """What differs in `other`, part by part; empty when nothing does."""
        return tuple(
            change
            for mine, theirs in zip(self.components, other.components, strict=True)
            for change in _changes(mine, theirs)
        )

    def changed(self, other: "RunManifest") -> tuple[str, ...]:
        """Names of the components that differ."""
        return tuple(dict.fromkeys(change.component for change in self.changes(other)))


def _changes(before: Component, after: Component) -> list[Change]:
    names = [*before.parts, *(name for name in after.parts if name not in before.parts)]
    pairs = [(name, before.parts.get(name), after.parts.get(name)) for name in names]
    return [Change(component=before.name, part=name, before=old, after=new) for name, old, new in pairs if old != new]


class Asked(Noun):
    """What of a query is needed to read a run: its cluster is its scenario, or what it is about instead."""

    scenario: int | None
    kind: str

    @property
    def cluster(self) -> str:
        if self.scenario is not None:
            return f"s{self.scenario:02d}"
        return "unanswerable" if self.kind == "unanswerable" else "preamble"


class Snippet(Noun):
    """A passage as a model was given it."""

    id: str
    text: str


class Guard(Noun):
    """A check that needs no statistics; `fault` is empty when it holds. `component` is to blame when it does not."""

    name: str
    component: str
    fault: str = ""


class RunRecord(Noun):
    """A run.

    `values`: query -> measure -> value in [0, 1], a query that failed is missing and its error stands in `errors`;
    `contexts`: what the model was given, for the arm with frozen retrieval; `anchor`: the judge's scores of the anchor
    answers; `p95_ms` of a retrieval; `tokens` given to the model over all arms; `leak_rate` is the share of the
    interviewer's turns that gave something of the key away, None where no interview was held.
    """

    id: str
    at: float
    suite: Suite
    manifest: RunManifest
    asked: dict[str, Asked]
    values: dict[str, Values]
    errors: dict[str, str] = Field(default_factory=dict)
    contexts: dict[str, tuple[Snippet, ...]] = Field(default_factory=dict)
    anchor: dict[str, float] = Field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    p95_ms: float = 0.0
    tokens: int = 0
    leak_rate: float | None = None

    @property
    def coverage(self) -> float:
        """Share of queries that were answered without error; 0 where nothing was asked."""
        return sum(query not in self.errors for query in self.asked) / len(self.asked) if self.asked else 0.0

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some query has."""
        return tuple(dict.fromkeys(name for row in self.values.values() for name in row))

    def mean(self, measure: str, queries: Sequence[str] | None = None) -> float | None:
        """Mean over the queries that the measure applies to; None where it applies to none."""
        rows = self.values.values() if queries is None else [self.values.get(query, {}) for query in queries]
        found = [value for row in rows if (value := row.get(measure)) is not None]
        return sum(found) / len(found) if found else None

    def paired(self, other: "RunRecord", measure: str) -> tuple[list[float], list[float], list[str]]:
        """Values of a measure in this run and in the other, and clusters, over the queries that have it in both."""
        mine, theirs, clusters = [], [], []
        for query, asked in self.asked.items():
            before, after = self.values.get(query, {}).get(measure), other.values.get(query, {}).get(measure)
            if before is not None and after is not None:
                mine.append(before)
                theirs.append(after)
                clusters.append(asked.cluster)
        return mine, theirs, clusters


def asked_of(queries: Sequence[EvalQuery]) -> Mapping[str, Asked]:
    """What a record keeps of the queries."""
    return {query.id: Asked(scenario=query.scenario, kind=query.kind.value) for query in queries}
