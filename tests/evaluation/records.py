"""Records of runs as tests need them."""

from collections.abc import Mapping

from interviewer.evaluation.record import COMPONENTS, Asked, Component, Guard, RunManifest, RunRecord
from interviewer.evaluation.relevance import Values


def manifest(**changed: str) -> RunManifest:
    """All nine components, each with one part `state`, `as it was` where nothing else is given."""
    return RunManifest(
        components=tuple(Component(name=name, parts={"state": changed.get(name, "as it was")}) for name in COMPONENTS)
    )


def record(
    values: Mapping[str, Values],
    *,
    name: str = "run",
    errors: Mapping[str, str] | None = None,
    anchor: Mapping[str, float] | None = None,
    guards: tuple[Guard, ...] = (),
    **changed: str,
) -> RunRecord:
    """A full run over these queries and those in error; a query's scenario is the number behind its first letter."""
    queries = [*values, *(errors or {})]
    return RunRecord(
        id=name,
        at=0.0,
        suite="full",
        manifest=manifest(**changed),
        asked={query: Asked(scenario=int(query[1:3]), kind="direct") for query in queries},
        values={query: {"judged@10": 1.0, **row} for query, row in values.items()},
        errors=dict(errors or {}),
        anchor=dict(anchor or {}),
        guards=guards,
    )


def spread_over(scenarios: int, each: int, measure: str, value: float | None) -> dict[str, Values]:
    """`each` queries in each of so many scenarios, all with the same value."""
    return {f"s{one:02d}-{number}": {measure: value} for one in range(1, scenarios + 1) for number in range(each)}
