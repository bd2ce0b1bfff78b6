"""A system under evaluation, and a run of it over the bench."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from interviewer.evaluation.arms import (
    Answerer,
    Arm,
    Contexts,
    Outcome,
    answer_all,
    check_live,
    fingerprint,
    score_anchor,
    score_arm,
)
from interviewer.evaluation.bench import Bench
from interviewer.evaluation.point_judge import PointJudge
from interviewer.evaluation.record import COMPONENTS, Component, Guard, RunManifest, RunRecord, Snippet, Suite, asked_of
from interviewer.evaluation.relevance import Values, measure_retrieval
from interviewer.evaluation.response import TextModel
from interviewer.evaluation.retrieval import Clock, Retrieved, Retriever, context_of, retrieve
from interviewer.evaluation.spans import Alignment


@dataclass(frozen=True)
class System:
    """Everything behind the retriever, and what the whole consists of.

    `template` is the prompt in use and `frozen_template` that of the probe arm; `components` describe corpus, splitter,
    embedder, index, retriever, prompt, model and judge; `with_model` is False for a run of the retrieval alone.
    """

    template: str
    frozen_template: str
    model: TextModel
    judge: PointJudge
    components: Mapping[str, Component]
    guards: tuple[Guard, ...] = ()
    with_model: bool = True
    count_tokens: Callable[[str], int] = field(default=len)


@dataclass(frozen=True)
class Terms:
    """What makes a run this run: its id, when (seconds since 1970), over which suite, a clock in seconds, and the
    contexts of the baseline for the arm with frozen retrieval."""

    id: str
    at: float
    clock: Clock
    suite: Suite = "full"
    frozen: Contexts = field(default_factory=dict)


def evaluate(system: System, retriever: Retriever, source: str, bench: Bench, terms: Terms) -> RunRecord:
    """Run the whole bench over a retriever and a system behind it; `source` is the document that the index was made
    from.

    Queries that fail are errors of the record, never an exception.
    """
    found = {one.query: one for one in run_retrieval(retriever, source, bench, terms.clock)}
    return assemble(system, bench, terms, found, measure_retrieval(bench.evalset.queries, bench.labels, found))


def run_retrieval(retriever: Retriever, source: str, bench: Bench, clock: Clock) -> tuple[Retrieved, ...]:
    """What every query of the bench brings."""
    return retrieve(retriever, bench.evalset.queries, Alignment(source, bench.reference), clock)


def assemble(
    system: System, bench: Bench, terms: Terms, found: Mapping[str, Retrieved], measured: Mapping[str, Values]
) -> RunRecord:
    """The record of a run whose retrieval is done and measured: arms and anchor are added."""
    values = {query: dict(row) for query, row in measured.items()}
    errors = {query: one.error for query, one in found.items() if one.error}
    contexts = contexts_of(bench, found)
    components, anchor, tokens = dict(system.components), dict[str, float](), 0
    if system.with_model:
        outcomes = run_arms(system, bench, contexts, terms.frozen)
        given: dict[Arm, Contexts] = {
            "probe": bench.gold, "oracle": bench.gold, "frozen": terms.frozen, "live": contexts
        }  # fmt: skip
        for arm, outcome in outcomes.items():
            _merge(values, score_arm(arm, outcome, bench, given[arm], system.judge))
            errors |= outcome.errors
            tokens += outcome.tokens
        _merge(values, check_live(outcomes["live"], bench, contexts, system.judge))
        anchor = score_anchor(bench, system.judge)
        components["model"] = _with_part(components["model"], fingerprint(outcomes["probe"].texts))
    return RunRecord(
        id=terms.id,
        at=terms.at,
        suite=terms.suite,
        manifest=RunManifest(
            components=tuple((components | {"evalset": bench.component})[name] for name in COMPONENTS)
        ),
        asked=dict(asked_of(bench.evalset.queries)),
        values={query: row for query, row in values.items() if query not in errors},
        errors=errors,
        contexts=contexts,
        anchor=anchor,
        guards=system.guards,
        p95_ms=percentile([one.ms for one in found.values() if not one.error], 0.95),
        tokens=tokens,
    )


def contexts_of(bench: Bench, found: Mapping[str, Retrieved]) -> dict[str, tuple[Snippet, ...]]:
    """What the model is given of what was found, for the queries of its arms."""
    return {
        query: tuple(Snippet(id=one.id, text=one.text) for one in context_of(found[query].passages))
        for query in bench.answered
        if query in found and not found[query].error
    }


def run_arms(system: System, bench: Bench, contexts: Contexts, frozen: Contexts) -> dict[Arm, Outcome]:
    """The four arms; that with frozen retrieval is empty where no baseline is given."""
    current = Answerer(system.template, system.model)
    ask = partial(answer_all, bench=bench, count_tokens=system.count_tokens, queries=bench.answered)
    return {
        "probe": ask(Answerer(system.frozen_template, system.model), contexts=bench.gold),
        "oracle": ask(current, contexts=bench.gold),
        "frozen": ask(current, contexts=frozen),
        "live": ask(current, contexts=contexts),
    }


def percentile(values: list[float], share: float) -> float:
    """The value under which so large a share lies (nearest rank); 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _merge(values: dict[str, Values], more: Mapping[str, Values]) -> None:
    for query, row in more.items():
        values.setdefault(query, {}).update(row)


def _with_part(component: Component, answers: str) -> Component:
    return component.model_copy(update={"parts": component.parts | {"fingerprint": answers}})
