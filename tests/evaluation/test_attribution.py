"""Each fault for real, one at a time and two together: who is blamed, and who is not."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from interviewer.evaluation.attribution import Attribution, attribute, shapley_value
from interviewer.evaluation.faults import Site, apply, read_faults
from interviewer.evaluation.gates import Verdict, read_gates
from interviewer.evaluation.record import RunRecord
from interviewer.evaluation.setup import Setup, changed_components, rolled_back
from interviewer.evaluation.workshop import Workshop
from interviewer.shipped import shipped_path

FAULTS = read_faults(shipped_path("evals/faults"))
GATES = read_gates(shipped_path("evals/gates.toml"))
Put = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def before(workshop: Workshop, good: Setup) -> RunRecord:
    first = workshop.record(good, "good")
    return workshop.record(good, "good", first.contexts)


def put_in(put: Put, good: Setup, workshop: Workshop) -> Setup:
    now = good
    for name, values in put.items():
        now = apply(FAULTS[name], values, now, np.random.default_rng(1), Site(workshop.folder))
    return now


def find(put: Put, workshop: Workshop, good: Setup, before: RunRecord) -> Attribution:
    now = put_in(put, good, workshop)
    after = workshop.record(now, "now", before.contexts)
    return attribute(workshop, GATES, good, now, before, after, rounds=500)


@pytest.mark.parametrize(
    ("put", "blamed"),
    [
        ({"wrong-embedder": {"dim": 384}}, {"embedder"}),
        ({"mild-embedder": {"words": 3}}, {"embedder"}),
        ({"bad-splitter": {"size": 5}}, {"splitter"}),
        ({"stale-index": {"share": 0.6}}, {"index"}),
        ({"ranking": {"candidates": 2}}, {"retriever"}),
        ({"prompt": {"find": "at most 6 points", "put": "at most 1 points"}}, {"prompt"}),
        ({"prompt": {"find": "quote", "put": "cite"}}, {"prompt"}),
        ({"model": {"near": 0.01}}, {"model"}),
        ({"judge": {"shift": -0.14}}, {"judge"}),
        ({"bad-splitter": {"size": 5}, "model": {"near": 0.01}}, {"splitter", "model"}),
        ({"ranking": {"candidates": 2}, "judge": {"shift": -0.14}}, {"retriever", "judge"}),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_the_component_that_was_changed_for_the_worse_is_blamed(
    put: Put, blamed: set[str], workshop: Workshop, good: Setup, before: RunRecord
) -> None:
    found = find(put, workshop, good, before)
    assert set(found.blamed) == blamed
    assert found.evidence
    assert all(one.command for one in found.culprits)
    assert found.result.verdict is not Verdict.PASS


def test_innocent_changes_are_seen_and_nobody_is_blamed(workshop: Workshop, good: Setup, before: RunRecord) -> None:
    put: Put = {"reformat": {"bullet": "-", "ends": "\r\n"}, "reorder": {"seed": 1}, "requantise": {"levels": 2047}}
    found = find(put, workshop, good, before)
    assert {"corpus", "splitter", "embedder"} <= set(found.changed)
    assert found.blamed == ()
    assert not found.result.failed


def test_where_parts_act_together_their_shapley_values_are_told(
    workshop: Workshop, good: Setup, before: RunRecord
) -> None:
    put = {"wrong-embedder": {"dim": 384}, "bad-splitter": {"size": 5}}
    found = find(put, workshop, good, before)
    assert set(found.blamed) == {"embedder", "splitter"}
    assert all(value > 0 for value in found.shapley.values())


def test_queries_that_lost_are_listed(workshop: Workshop, good: Setup, before: RunRecord) -> None:
    found = find({"stale-index": {"share": 0.6}}, workshop, good, before)
    assert 0 < len(found.affected) < len(before.asked)


def test_an_index_that_only_follows_is_no_change_of_its_own(workshop: Workshop, good: Setup) -> None:
    assert changed_components(put_in({"bad-splitter": {"size": 9}}, good, workshop), good) == ("splitter",)
    assert changed_components(put_in({"wrong-embedder": {"dim": 384}}, good, workshop), good) == ("embedder",)
    assert changed_components(put_in({"stale-index": {"share": 0.5}}, good, workshop), good) == ("index",)
    assert changed_components(good, good) == ()


def test_rolling_everything_back_gives_the_good_system(workshop: Workshop, good: Setup) -> None:
    put: Put = {"stale-index": {"share": 0.3}, "bad-splitter": {"size": 9}, "ranking": {"pool": 3}}
    put = {**put, "model": {"near": 0.1}}
    now = put_in(put, good, workshop)
    changed = changed_components(now, good)
    assert set(changed) == {"index", "splitter", "retriever", "model"}
    assert rolled_back(now, good, changed).components() == good.components()


def test_shapley_values_share_what_two_do_together() -> None:
    worth = {(): 0.0, ("a",): 0.0, ("b",): 0.0, ("a", "b"): 1.0}
    assert shapley_value("a", ["a", "b"], worth) == 0.5
