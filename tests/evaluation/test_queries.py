"""Query sets from disk: what is taken, what is reported, what ends it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import QuerySetError
from interviewer.evaluation.queries import Passage, Query, parse_row, read_passages, read_queries
from interviewer.shipped import shipped_path


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_fit_follows_from_the_scenario_unless_it_is_given(tmp_path: Path) -> None:
    rows = read_queries(
        write(
            tmp_path / "q.jsonl",
            '{"id": "a", "query": "x", "scenario": 3, "also": [4], "source": "ignored"}',
            "",
            '{"id": "b", "query": "x", "scenario": null}',
            '{"id": 7, "query": "x", "scenario": null, "fit": true, "also": null}',
        )
    )
    assert [(one.id, one.fit, sorted(one.right)) for one in rows.queries] == [
        ("a", True, [3, 4]),
        ("b", False, []),
        ("7", True, []),
    ]
    assert rows.faults == ()


BAD = [
    ("{", "not JSON"),
    ("[1]", "not a JSON object"),
    ('{"id": "x", "query": "", "scenario": 1}', "query"),
    ('{"id": "x", "query": "words"}', "scenario"),
    ('{"id": "x", "query": "words", "scenario": "one"}', "scenario"),
    ('{"id": "good", "query": "words", "scenario": 1}', "twice"),
    ('{"id": "x", "query": 5, "scenario": 1}', "query"),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_a_bad_row_is_reported_and_the_rest_goes_on(tmp_path: Path, line: str, said: str) -> None:
    good = '{"id": "good", "query": "words", "scenario": 1}'
    rows = read_queries(write(tmp_path / "q.jsonl", good, line, good.replace("good", "more")))
    assert [one.id for one in rows.queries] == ["good", "more"]
    assert len(rows.faults) == 1
    assert "q.jsonl:2" in str(rows.faults[0])
    assert said in str(rows.faults[0])


@pytest.mark.parametrize("lines", [(), ("", " "), ("{",)])
def test_a_file_without_any_good_row_is_an_error(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(QuerySetError, match=r"q\.jsonl"):
        read_queries(write(tmp_path / "q.jsonl", *lines))


def test_missing_file_and_foreign_encoding(tmp_path: Path) -> None:
    with pytest.raises(QuerySetError, match="cannot be read"):
        read_passages(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(QuerySetError, match="UTF-8"):
        read_passages(tmp_path / "latin.jsonl")


def test_passages(tmp_path: Path) -> None:
    line = '{"id": "p", "text": "t", "bullets": ["s01.causes.1"], "bullets_one_pass": ["s01.causes.2"], "by": "x"}'
    empty = '{"id": "e", "text": "t", "bullets": []}'
    rows = read_passages(write(tmp_path / "p.jsonl", line, empty))
    assert rows.passages[0].bullets_one_pass == ("s01.causes.2",)
    assert "bullets" in str(rows.faults[0])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["id", "query", "scenario", "also", "fit", "text", "bullets", "self", "cls"])


@given(st.dictionaries(FIELDS, JSON) | JSON, st.sampled_from([Query, Passage]))
def test_any_json_is_a_row_or_a_fault_with_its_place(value: Any, form: Any) -> None:
    try:
        row = parse_row(json.dumps(value), form, "f:1")
    except QuerySetError as fault:
        assert str(fault).startswith("f:1: ")
    else:
        assert isinstance(row, form)


@given(st.text())
def test_any_text_is_a_row_or_a_fault(line: str) -> None:
    with pytest.raises(QuerySetError):
        parse_row(line + "}", Query, "f:1")


def test_the_shipped_query_set_is_sound() -> None:
    rows = read_queries(shipped_path("evals/queries.jsonl"))
    assert rows.faults == ()
    assert len(rows.queries) >= 120
    assert sum(not one.fit for one in rows.queries) >= 30
