"""Faults put into a copy of our eval set are found, each where it is; ours has none."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from interviewer.drills.read import read_drills
from interviewer.evaluation.evalset_fault import EvalFault
from interviewer.evaluation.evalset_lint import lint_evalset
from interviewer.evaluation.places import find_places
from interviewer.shipped import shipped_path

DOCUMENT = read_drills(shipped_path("corpus/mlops_drills.txt"))

Rows = dict[str, list[dict[str, Any]]]
FILES = ("queries", "qrels", "judged", "answers", "smoke")


@pytest.fixture(scope="module")
def ours() -> Rows:
    folder = shipped_path("evals/rag")
    return {
        name: [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in FILES
    }


@pytest.fixture(scope="module")
def some(ours: Rows) -> Rows:
    """Ours as far as it is about scenario 1 or unanswerable: enough for faults of rows, and quick."""
    rows = copy(ours)
    _drop(rows, {row["id"] for row in rows["queries"] if row["scenario"] != 1 and row["kind"] != "unanswerable"})
    return rows


def copy(rows: Rows) -> Rows:
    return deepcopy(rows)


def lint(folder: Path, rows: Rows) -> tuple[EvalFault, ...]:
    for name in FILES:
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows[name])), encoding="utf-8")
    return lint_evalset(folder, DOCUMENT)


def changed(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return row | fields


def asked(rows: Rows, kind: str) -> dict[str, Any]:
    return next(row for row in rows["queries"] if row["kind"] == kind)


def test_our_set_has_no_fault() -> None:
    assert lint_evalset(shipped_path("evals/rag"), DOCUMENT) == ()


def _only_qrels(rows: Rows, query: str, keep: Callable[[dict[str, Any]], bool]) -> None:
    rows["qrels"] = [row for row in rows["qrels"] if row["query"] != query or keep(row)]
    rows["answers"] = [row for row in rows["answers"] if row["query"] != query]


def doubled_id(rows: Rows) -> None:
    rows["queries"].append(changed(rows["queries"][0], text="something that no other query says"))


def doubled_text(rows: Rows) -> None:
    rows["queries"].append(changed(asked(rows, "unanswerable"), id="new"))


def near_duplicate(rows: Rows) -> None:
    row = next(one for one in rows["queries"] if one["kind"] == "unanswerable" and len(one["text"]) > 50)
    rows["queries"].append(changed(row, id="new", text=f"And {row['text']}"))


def unknown_scenario(rows: Rows) -> None:
    asked(rows, "symptom")["also"] = [13]


def unknown_query(rows: Rows) -> None:
    rows["smoke"][0]["query"] = "nobody"


def unknown_bullet(rows: Rows) -> None:
    rows["judged"][0]["irrelevant"].append("s99.causes.1")


def unknown_document(rows: Rows) -> None:
    rows["qrels"][0]["doc"] = "other.txt"


def wrong_section(rows: Rows) -> None:
    rows["qrels"][0]["section"] = "s01/elsewhere"


def wrong_span(rows: Rows) -> None:
    rows["qrels"][0]["end"] += 1


def doubled_qrel(rows: Rows) -> None:
    rows["qrels"].append(rows["qrels"][0])


def doubled_judgement(rows: Rows) -> None:
    rows["judged"].append(rows["judged"][0])


def relevant_and_not(rows: Rows) -> None:
    qrel = rows["qrels"][0]
    next(row for row in rows["judged"] if row["query"] == qrel["query"])["irrelevant"].append(qrel["bullet"])


def qrel_of_unanswerable(rows: Rows) -> None:
    rows["qrels"].append(changed(rows["qrels"][0], query=asked(rows, "unanswerable")["id"]))


def no_qrel(rows: Rows) -> None:
    _only_qrels(rows, asked(rows, "direct")["id"], lambda row: False)


def no_answering_qrel(rows: Rows) -> None:
    _only_qrels(rows, asked(rows, "symptom")["id"], lambda row: bool(row["grade"] == 1))


def no_qrel_in_scenario(rows: Rows) -> None:
    query = asked(rows, "symptom")
    own = f"s{query['scenario']:02d}."
    for row in rows["qrels"]:
        if row["query"] == query["id"]:
            row["grade"] = 1 if row["bullet"].startswith(own) else 2


def one_section(rows: Rows) -> None:
    query = asked(rows, "multi_section")["id"]
    best = next(row for row in rows["qrels"] if row["query"] == query and row["grade"] == 2)
    _only_qrels(rows, query, lambda row: row["grade"] == 1 or row["section"] == best["section"])


def doubled_answer(rows: Rows) -> None:
    rows["answers"].append(rows["answers"][0])


def answer_of_unanswerable(rows: Rows) -> None:
    rows["answers"][0]["query"] = asked(rows, "unanswerable")["id"]


def bullet_not_in_qrels(rows: Rows) -> None:
    rows["answers"][0]["bullets"].append("s12.prevent.4")


def reference_length(rows: Rows) -> None:
    rows["answers"][0]["reference"] = "One sentence."


def too_few(rows: Rows) -> None:
    rows["answers"] = rows["answers"][:149]


def unbalanced_kinds(rows: Rows) -> None:
    gone = {row["id"] for row in rows["queries"] if row["kind"] == "confusable"}
    _drop(rows, gone)


def uncovered_scenario(rows: Rows) -> None:
    _drop(rows, {row["id"] for row in rows["queries"] if row["scenario"] == 7})


def unanswerable_share(rows: Rows) -> None:
    _drop(rows, {row["id"] for row in rows["queries"] if row["kind"] == "unanswerable"})


def doubled_smoke(rows: Rows) -> None:
    rows["smoke"][1] = rows["smoke"][2]


def smoke_spread(rows: Rows) -> None:
    rows["smoke"].pop()


def _drop(rows: Rows, gone: set[str]) -> None:
    rows["queries"] = [row for row in rows["queries"] if row["id"] not in gone]
    for name in FILES[1:]:
        rows[name] = [row for row in rows[name] if row["query"] not in gone]


SPOILERS = [
    (doubled_id, "queries.jsonl:96:id"),
    (doubled_text, "queries.jsonl:96:text"),
    (near_duplicate, "queries.jsonl:96:text"),
    (unknown_scenario, ":scenario"),
    (unknown_query, "smoke.jsonl:1:query"),
    (unknown_bullet, "judged.jsonl:1:irrelevant"),
    (unknown_document, "qrels.jsonl:1:doc"),
    (wrong_section, "qrels.jsonl:1:section"),
    (wrong_span, "qrels.jsonl:1:start"),
    (doubled_qrel, ":bullet"),
    (doubled_judgement, ":query"),
    (relevant_and_not, ":irrelevant"),
    (qrel_of_unanswerable, ":query"),
    (no_qrel, ":id"),
    (no_answering_qrel, ":id"),
    (no_qrel_in_scenario, ":scenario"),
    (one_section, ":kind"),
    (doubled_answer, "answers.jsonl:14:query"),
    (answer_of_unanswerable, "answers.jsonl:1:query"),
    (bullet_not_in_qrels, "answers.jsonl:1:bullets"),
    (reference_length, "answers.jsonl:1:reference"),
    (doubled_smoke, "smoke.jsonl:3:query"),
]
SPREAD = [
    (too_few, "answers.jsonl"),
    (unbalanced_kinds, "queries.jsonl"),
    (uncovered_scenario, "queries.jsonl"),
    (unanswerable_share, "queries.jsonl"),
    (smoke_spread, "smoke.jsonl"),
]


def _names(spoilers: Sequence[tuple[Callable[[Rows], None], str]]) -> list[str]:
    return [spoil.__name__ for spoil, _ in spoilers]


@pytest.mark.parametrize(("spoil", "place"), SPOILERS, ids=_names(SPOILERS))
def test_a_fault_of_a_row_is_found_where_it_is(
    tmp_path: Path, some: Rows, spoil: Callable[[Rows], None], place: str
) -> None:
    rows = copy(some)
    assert all(fault.kind != spoil.__name__ for fault in lint(tmp_path, rows))
    spoil(rows)
    found = [fault for fault in lint(tmp_path, rows) if fault.kind == spoil.__name__]
    assert found
    assert found[0].place.endswith(place)


@pytest.mark.parametrize(("spoil", "place"), SPREAD, ids=_names(SPREAD))
def test_a_set_that_is_too_small_or_uneven_is_told(
    tmp_path: Path, ours: Rows, spoil: Callable[[Rows], None], place: str
) -> None:
    rows = copy(ours)
    spoil(rows)
    found = {(fault.kind, Path(fault.place).name) for fault in lint(tmp_path, rows)}
    assert (spoil.__name__, place) in found


def test_every_fault_is_told_at_once(tmp_path: Path, some: Rows) -> None:
    rows = copy(some)
    spoilers = (doubled_qrel, wrong_section, unknown_query, reference_length)
    for spoil in spoilers:
        spoil(rows)
    rows["queries"][1]["kind"] = "odd"
    kinds = {fault.kind for fault in lint(tmp_path, rows)}
    assert kinds >= {"unreadable", *(spoil.__name__ for spoil in spoilers)}


def test_an_edited_document_shows_in_the_spans(tmp_path: Path) -> None:
    text = shipped_path("corpus/mlops_drills.txt").read_text("utf-8")
    path = tmp_path / "mlops_drills.txt"
    path.write_text(text.replace("feature skew", "skewed features", 1), encoding="utf-8")
    faults = lint_evalset(shipped_path("evals/rag"), read_drills(path))
    assert {fault.kind for fault in faults} == {"wrong_span"}


def test_passages_stand_where_they_say() -> None:
    places = find_places(DOCUMENT)
    assert len(places) == 306
    assert all(DOCUMENT.source[one.start : one.end] == one.text for one in places.values())
    assert len({(one.start, one.end) for one in places.values()}) == 306
    lag = places["preamble.signals.3.2"]
    assert (lag.text, lag.section, lag.scenario) == ("feature freshness lag", "preamble/signals/3", None)
    assert places["s12.prompt"].section == "s12/head"
