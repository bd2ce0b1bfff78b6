"""The eval set from disk: what is taken, what is refused and where, and that ours is sound."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import QuerySetError
from interviewer.evaluation.evalset import (
    Answer,
    EvalQrel,
    EvalQuery,
    Judged,
    Kind,
    Smoke,
    parse_row,
    read_evalset,
    read_rows,
)
from interviewer.shipped import shipped_path

QUERY: dict[str, Any] = {"id": "a", "scenario": 1, "kind": "direct", "text": "what now?"}
FOLLOW_UP = QUERY | {"id": "b", "kind": "follow_up", "history": [{"speaker": "candidate", "text": "I looked."}]}
QREL: dict[str, Any] = {
    "query": "a",
    "doc": "d.txt",
    "start": 3,
    "end": 9,
    "bullet": "s01.causes.1",
    "section": "s01/causes",
    "grade": 2,
}
ANSWER = {"query": "a", "reference": "This. And that.", "bullets": ["s01.causes.1"]}


def write(folder: Path, **rows: list[dict[str, Any]]) -> Path:
    files = {"queries": [QUERY, FOLLOW_UP], "qrels": [QREL], "judged": [], "answers": [ANSWER], "smoke": []} | rows
    for name, lines in files.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    return folder


def test_a_set_is_read(tmp_path: Path) -> None:
    judged = [{"query": "a", "irrelevant": ["s01.causes.2", "s01.prompt"]}]
    rows = read_evalset(write(tmp_path, judged=judged, smoke=[{"query": "b"}]))
    assert [(query.id, query.kind) for query in rows.queries] == [("a", Kind.DIRECT), ("b", Kind.FOLLOW_UP)]
    assert rows.queries[1].history[0].text == "I looked."
    assert (rows.qrels[0].start, rows.qrels[0].end, rows.qrels[0].grade) == (3, 9, 2)
    assert rows.answers[0].bullets == ("s01.causes.1",)
    assert rows.irrelevant == {"a": {"s01.causes.2", "s01.prompt"}}
    assert [query.id for query in rows.smoke_queries()] == ["b"]


def test_scenarios_that_are_as_right_count_as_right() -> None:
    query = EvalQuery.model_validate(QUERY | {"also": [9]})
    assert query.right == {1, 9}
    assert EvalQuery.model_validate(QUERY | {"scenario": None}).right == set()
    assert not EvalQuery.model_validate(QUERY | {"scenario": None, "kind": "unanswerable"}).answerable


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("queries", QUERY | {"kind": "odd"}, "queries.jsonl:1:kind: "),
    ("queries", QUERY | {"text": " \n"}, "queries.jsonl:1:text: "),
    ("queries", QUERY | {"scenario": "1"}, "queries.jsonl:1:scenario: "),
    ("queries", QUERY | {"id": "a b"}, "queries.jsonl:1:id: "),
    ("queries", QUERY | {"note": "x"}, "queries.jsonl:1:note: "),
    ("queries", {"id": "a", "kind": "direct", "text": "x"}, "queries.jsonl:1:scenario: "),
    ("queries", QUERY | {"kind": "follow_up"}, "queries.jsonl:1:history: goes with"),
    ("queries", FOLLOW_UP | {"kind": "direct"}, "queries.jsonl:1:history: goes with"),
    ("queries", FOLLOW_UP | {"history": [{"speaker": "user", "text": "x"}]}, "queries.jsonl:1:history.0.speaker: "),
    ("queries", QUERY | {"kind": "unanswerable"}, "queries.jsonl:1:scenario: is null"),
    ("qrels", QREL | {"grade": 3}, "qrels.jsonl:1:grade: "),
    ("qrels", QREL | {"start": -1}, "qrels.jsonl:1:start: "),
    ("qrels", QREL | {"end": 3}, "qrels.jsonl:1:end: is not after start."),
    ("qrels", QREL | {"start": True}, "qrels.jsonl:1:start: "),
    ("judged", {"query": "a"}, "judged.jsonl:1:irrelevant: "),
    ("answers", ANSWER | {"bullets": []}, "answers.jsonl:1:bullets: "),
    ("smoke", {"id": "a"}, "smoke.jsonl:1:query: "),
]


@pytest.mark.parametrize(("file", "row", "said"), BAD)
def test_a_bad_row_is_refused_with_file_line_and_field(
    tmp_path: Path, file: str, row: dict[str, Any], said: str
) -> None:
    with pytest.raises(QuerySetError) as error:
        read_evalset(write(tmp_path, **{file: [row]}))
    assert said in str(error.value)
    assert "interviewer eval lint" in str(error.value)


def test_every_fault_is_collected_and_the_good_rows_are_kept(tmp_path: Path) -> None:
    folder = write(tmp_path, queries=[QUERY, QUERY | {"kind": "odd"}, FOLLOW_UP], qrels=[QREL | {"grade": 0}])
    (folder / "smoke.jsonl").unlink()
    (folder / "answers.jsonl").write_bytes(b'{"query": "\xe9"}')
    rows = read_rows(folder)
    assert [(line, query.id) for line, query in rows.queries] == [(1, "a"), (3, "b")]
    told = [str(fault) for fault in rows.faults]
    parts = ("queries.jsonl:2:kind", "qrels.jsonl:1:grade", "answers.jsonl: is not UTF-8", "smoke.jsonl: cannot be")
    assert all(part in line for part, line in zip(parts, told, strict=True))


@pytest.mark.parametrize("line", ["{", "[1]", "null", "[" * 100_000, '"x"', "NaN"])
def test_what_is_no_json_object_is_refused(line: str) -> None:
    with pytest.raises(QuerySetError, match=r"^f:7: is not (a )?JSON"):
        parse_row(line, EvalQuery, "f:7")


FORMS = st.sampled_from([EvalQuery, EvalQrel, Judged, Answer, Smoke])
FIELDS = st.sampled_from([*QUERY, *QREL, *ANSWER, "history", "also", "irrelevant", "self", "cls"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(FIELDS, JSON) | JSON, FORMS)
def test_any_json_is_a_row_or_an_error_with_its_place(value: Any, form: Any) -> None:
    try:
        row = parse_row(json.dumps(value), form, "f:1")
    except QuerySetError as fault:
        assert str(fault).startswith("f:1:")
    else:
        assert isinstance(row, form)


TURNS = st.lists(
    st.fixed_dictionaries({"speaker": st.sampled_from(["interviewer", "candidate"]), "text": st.just("t") | st.text()}),
    max_size=2,
)
QUERIES = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"\A\S{1,9}\Z"),
        "scenario": st.none() | st.integers(),
        "kind": st.sampled_from([kind.value for kind in Kind]),
        "text": st.text(min_size=1, max_size=50),
    },
    optional={"also": st.lists(st.integers(), max_size=2), "history": TURNS},
)


@given(QUERIES)
def test_a_query_that_is_taken_comes_back_as_it_was(value: dict[str, Any]) -> None:
    try:
        row = parse_row(json.dumps(value), EvalQuery, "f:1")
    except QuerySetError:
        return
    again = row.model_dump(mode="json")
    assert {key: again[key] for key in value} == value
    assert (row.kind is Kind.FOLLOW_UP) == bool(row.history)
    assert row.answerable or not row.right


def test_our_set_can_be_read() -> None:
    rows = read_evalset(shipped_path("evals/rag"))
    assert len(rows.queries) >= 400
    assert len(rows.answers) >= 150
    assert len(rows.smoke_queries()) == 30
    assert sum(not query.answerable for query in rows.queries) / len(rows.queries) == pytest.approx(0.15, abs=0.01)
