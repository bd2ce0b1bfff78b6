"""Cases of the drill: the same seed gives the same case, and what was not changed is not blamed."""

from pathlib import Path

import pytest

from interviewer.errors import QuerySetError
from interviewer.evaluation.faults import read_faults
from interviewer.evaluation.gates import read_gates
from interviewer.evaluation.matrix import Drill, Summary, confusion, meets_targets
from interviewer.evaluation.setup import Setup
from interviewer.evaluation.workshop import Workshop
from interviewer.shipped import shipped_path

FAULTS = read_faults(shipped_path("evals/faults"))


@pytest.fixture(scope="module")
def drill(workshop: Workshop, good: Setup) -> Drill:
    return Drill(workshop, read_gates(shipped_path("evals/gates.toml")), good, FAULTS)


def test_a_case_follows_from_its_seed(drill: Drill) -> None:
    first, again = (drill.run(1, 7, changed=True) for _ in range(2))
    assert first.model_copy(update={"ms": again.ms}) == again
    assert {one.component for one in first.injected if not one.innocent} == {"judge"}
    assert first.right
    assert first.blamed == ("judge",)


def test_a_run_without_a_change_passes_though_its_index_was_built_again(drill: Drill) -> None:
    case = drill.run(100, 7, changed=False)
    assert (case.injected, case.verdict, case.blamed, case.right) == ((), "PASS", (), True)
    assert confusion([case]) == {"nothing": {"nobody": 1}}


def test_detectable_sizes_are_told(drill: Drill) -> None:
    assert {"hit@5", "ndcg@10", "live"} <= set(drill.detectable)
    assert all(0.02 <= size < 0.2 for size in drill.detectable.values())


def test_targets() -> None:
    good = Summary(
        runs=64, faulty=50, detected=1.0, attributed=0.96, innocent_blame=0.02, no_change_runs=30, false_alarms=0,
        below_detectable=3,
    )  # fmt: skip
    assert meets_targets(good)
    for worse in ({"detected": 0.9}, {"attributed": 0.9}, {"innocent_blame": 0.03}, {"false_alarms": 1}):
        assert not meets_targets(good.model_copy(update=worse))


def test_every_fault_that_the_scenario_names_is_there_and_innocent_ones_beside() -> None:
    components = {one.component for one in FAULTS.values() if not one.innocent}
    assert components == {"embedder", "splitter", "index", "retriever", "prompt", "model", "judge"}
    assert {name for name, one in FAULTS.items() if one.innocent} == {"rehash", "reorder", "reformat", "requantise"}


UNKNOWN = 'title = "t"\ncomponent = "x"\nchange = "none"\ninnocent = true\ndraws = [{}]'


@pytest.mark.parametrize("text", ["[", "title = 1", UNKNOWN])
def test_a_broken_fault_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(text)
    with pytest.raises(QuerySetError, match=r"broken\.toml"):
        read_faults(tmp_path)
