"""Plain YAML in, data or a clear fault out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import RubricError
from interviewer.yaml_file import MAX_BYTES, read_yaml


def written(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_plain_data_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a: 1\nb: [x, 2.5, true, null]\n")
    assert read_yaml(path, RubricError) == {"a": 1, "b": ["x", 2.5, True, None]}


def test_a_date_stays_text(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "a: 2026-01-31\n"), RubricError) == {"a": "2026-01-31"}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("a: &x [1]\nb: *x\n", 2, "alias"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("a: !!int ''\n", 1, "tag"),
        ('a: "\\ud800"\n', 1, "surrogate"),
        ("a: [1\nb: 2\n", 2, ""),
        ("? [1, 2]\n: 3\n", 1, "key must be text"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(RubricError) as caught:
        read_yaml(written(tmp_path, text), RubricError)
    assert caught.value.where.endswith(f"file.yaml:{line}")
    assert why in caught.value.what


def test_a_large_file_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(RubricError, match="larger"):
        read_yaml(path, RubricError)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="missing.yaml"):
        read_yaml(tmp_path / "missing.yaml", RubricError)


@given(text=st.text(max_size=200))
def test_any_text_is_data_or_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("yaml") / "file.yaml"
    path.write_text(text, encoding="utf-8", errors="ignore")
    try:
        read_yaml(path, RubricError)
    except RubricError as fault:
        assert str(path) in fault.where
