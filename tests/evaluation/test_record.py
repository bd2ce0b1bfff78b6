"""Runs: what differs between two, and their way to disk and back."""

from pathlib import Path

import pytest

from interviewer.errors import NotFoundError, QuerySetError
from interviewer.evaluation.record import COMPONENTS, Change, Component, RunManifest
from interviewer.evaluation.runs import Runs
from tests.evaluation.records import manifest, record


def test_only_what_changed_is_listed() -> None:
    changed = manifest(prompt="shorter", index="built again")
    assert manifest().changed(changed) == ("index", "prompt")
    assert manifest().changes(changed)[1] == Change(
        component="prompt", part="state", before="as it was", after="shorter"
    )
    assert manifest().changes(manifest()) == ()


def test_parts_that_came_or_went_are_listed() -> None:
    def with_model(**parts: str) -> RunManifest:
        others = [one for one in manifest().components if one.name != "model"]
        found = {one.name: one for one in [*others, Component(name="model", parts=dict(parts))]}
        return RunManifest(components=tuple(found[name] for name in COMPONENTS))

    changes = with_model(a="1").changes(with_model(b="2"))
    assert [(one.part, one.before, one.after) for one in changes] == [("a", "1", None), ("b", None, "2")]


def test_digests_follow_content_and_not_order() -> None:
    one, other = Component(name="model", parts={"a": 1, "b": 2}), Component(name="model", parts={"b": 2, "a": 1})
    assert one.digest == other.digest
    assert one.digest != Component(name="model", parts={"a": 1, "b": 3}).digest


def test_errors_are_coverage_and_never_a_value() -> None:
    run = record({"s01-a": {"hit@5": 1.0}, "s02-a": {"hit@5": None}}, errors={"s03-a": "time-out"})
    assert run.coverage == pytest.approx(2 / 3)
    assert run.mean("hit@5") == 1.0
    assert run.mean("live") is None
    assert run.paired(run, "hit@5") == ([1.0], [1.0], ["s01"])


def test_runs_are_kept_and_found_by_their_beginning(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs", tmp_path / "shipped")
    first, second = record({"s01-a": {"hit@5": 1 / 3}}, name="2026a"), record({}, name="2026b")
    runs.save(first)
    runs.save(second)
    assert runs.ids() == ["2026a", "2026b"]
    assert runs.read("2026a").values["s01-a"]["hit@5"] == 0.3333
    assert runs.read("last").id == "2026b"
    assert len(runs.records()) == 2
    for name in ("2026", "nothing", "baseline"):
        with pytest.raises(NotFoundError, match="eval runs"):
            runs.read(name)


def test_own_baseline_comes_before_the_shipped_one(tmp_path: Path) -> None:
    shipped = Runs(tmp_path / "elsewhere", tmp_path)
    shipped.accept(record({}, name="shipped"))
    (tmp_path / "elsewhere/baselines/baseline.json").rename(tmp_path / "baseline.json")
    runs = Runs(tmp_path / "runs", tmp_path)
    assert runs.read("baseline").id == "shipped"
    runs.accept(record({}, name="own"))
    assert runs.read("baseline").id == "own"


def test_a_damaged_run_is_named_and_does_not_hide_the_others(tmp_path: Path) -> None:
    runs = Runs(tmp_path, tmp_path)
    path = runs.save(record({}, name="a"))
    runs.save(record({}, name="b"))
    path.write_text(path.read_text()[:50])
    assert [one.id for one in runs.records()] == ["b"]
    with pytest.raises(QuerySetError, match=r"a\.json"):
        runs.read("a")
