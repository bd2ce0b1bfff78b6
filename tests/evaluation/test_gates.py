"""Three ways out of the gate, and no way round it."""

from pathlib import Path

import pytest

from interviewer.errors import QuerySetError
from interviewer.evaluation.gates import Gates, Rule, Verdict, compare, plan_gate, read_gates
from interviewer.evaluation.record import Guard
from interviewer.evaluation.relevance import Values
from interviewer.shipped import shipped_path
from tests.evaluation.records import record, spread_over

RULE = Rule(margin=0.02, spread=0.3, design=1.5)
GATES = Gates(
    least_coverage=0.98, most_unjudged=0.1, most_anchor_move=0.02, seed=1, measures={"hit@5": RULE, "live": RULE}
)
GOOD = record(spread_over(12, 30, "hit@5", 1.0), anchor={"a": 0.8})


def test_the_same_run_passes() -> None:
    result = compare(GATES, GOOD, GOOD)
    assert result.verdict is Verdict.PASS
    assert (result.findings[0].loss.mean, result.findings[0].needed) == (0.0, 0)


def test_a_great_loss_fails() -> None:
    worse = spread_over(12, 30, "hit@5", 1.0)
    for query in list(worse)[::5]:
        worse[query] = {"hit@5": 0.0}
    result = compare(GATES, GOOD, record(worse), rounds=1000)
    assert result.verdict is Verdict.FAIL
    assert [one.measure for one in result.failed] == ["hit@5"]


def test_a_loss_that_may_be_chance_is_inconclusive_and_says_how_many_queries_it_takes() -> None:
    few = spread_over(3, 4, "hit@5", 1.0)
    worse: dict[str, Values] = {**few, "s01-0": {"hit@5": 0.0}}
    result = compare(GATES, record(few), record(worse), rounds=1000)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.findings[0].needed > 12


def test_a_gain_passes() -> None:
    before = record(spread_over(12, 30, "hit@5", 0.5))
    assert compare(GATES, before, GOOD).verdict is Verdict.PASS


@pytest.mark.parametrize("broken_run", ["baseline", "run"])
def test_errors_are_coverage_and_close_the_gate(broken_run: str) -> None:
    broken = record(spread_over(12, 30, "hit@5", 1.0), errors={f"s01-x{number}": "time-out" for number in range(20)})
    result = compare(GATES, *((broken, GOOD) if broken_run == "baseline" else (GOOD, broken)))
    assert result.verdict is Verdict.FAIL
    assert broken_run in result.faults[0]
    assert "coverage" in result.faults[0]


def test_a_guard_closes_the_gate_without_statistics() -> None:
    guard = Guard(name="freshness", component="index", fault="3 passages of the corpus are not in the index.")
    result = compare(GATES, GOOD, record(spread_over(12, 30, "hit@5", 1.0), guards=(guard,)))
    assert result.verdict is Verdict.FAIL
    assert result.faults == ("freshness: 3 passages of the corpus are not in the index.",)


def test_nothing_measured_is_never_green() -> None:
    empty = record({})
    assert compare(GATES, GOOD, empty).verdict is Verdict.FAIL
    assert compare(GATES, GOOD, record({"s01-0": {"other": 1.0}})).verdict is Verdict.INCONCLUSIVE


def test_passages_outside_the_labels_leave_it_open() -> None:
    strange = {query: {**row, "judged@10": 0.5} for query, row in spread_over(12, 30, "hit@5", 1.0).items()}
    result = compare(GATES, GOOD, record(strange))
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "50.0%" in result.doubts[0]


def test_other_labels_cannot_be_compared() -> None:
    other = record(spread_over(12, 30, "hit@5", 1.0), evalset="changed")
    assert compare(GATES, GOOD, other).verdict is Verdict.INCONCLUSIVE


def test_a_judge_that_moved_has_no_say_but_retrieval_has() -> None:
    before = {query: {**row, "live": 0.8} for query, row in spread_over(12, 30, "hit@5", 1.0).items()}
    after: dict[str, Values] = {query: {"hit@5": 1.0, "live": 0.2} for query in before}
    old, drifted = record(before, anchor={"a": 0.8, "b": 0.7}), record(after, anchor={"a": 0.5, "b": 0.4})
    result = compare(GATES, old, drifted)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert [one.measure for one in result.findings] == ["hit@5"]
    lost = record({query: {"hit@5": 0.0, "live": 0.2} for query in before}, anchor={"a": 0.5, "b": 0.4})
    assert compare(GATES, old, lost).verdict is Verdict.FAIL


def test_detectable_losses_are_known_beforehand() -> None:
    assert set(plan_gate(GATES, GOOD)) == {"hit@5"}
    count, loss = plan_gate(GATES, GOOD)["hit@5"]
    assert (count, round(loss, 3)) == (360, 0.048)


def test_shipped_rules_are_read_and_broken_ones_are_named(tmp_path: Path) -> None:
    assert "ndcg@10" in read_gates(shipped_path("evals/gates.toml")).measures
    path = tmp_path / "gates.toml"
    path.write_text("least_coverage = 2\nmost_unjudged = 0.1\nmost_anchor_move = 0.1\nseed = 1\n[measures]\n")
    with pytest.raises(QuerySetError, match=r"gates\.toml:least_coverage"):
        read_gates(path)
    path.write_text("[")
    with pytest.raises(QuerySetError, match="cannot be read"):
        read_gates(path)
