"""Rubrics from disk: values, or an error with file and field."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import RubricError
from interviewer.rubrics.read import read_rubric, read_rubrics, read_shared, scenario_number
from tests.rubrics.stage import good_rubrics, write_rubrics


def folder_with(tmp_path: Path, file: str, **changes: Any) -> Path:
    rubrics = good_rubrics()
    rubrics[file] |= changes
    return write_rubrics(tmp_path, rubrics)


def test_a_rubric_joins_its_scenario_with_what_is_shared(tmp_path: Path) -> None:
    folder = write_rubrics(tmp_path, good_rubrics())
    rubric = read_rubric(2, folder)
    assert rubric.identity == "s02@3+shared@2"
    assert [one.bullet for one in rubric.criteria] == [
        "s02.mitigate.1",
        "shared.step.1",
        "shared.opening.1",
        "shared.senior.1",
    ]
    together = (folder / "s02.yaml").read_bytes() + b"\0" + (folder / "shared.yaml").read_bytes()
    assert rubric.sha256 == sha256(together).hexdigest()


def test_the_hash_follows_either_file(tmp_path: Path) -> None:
    folder = write_rubrics(tmp_path, good_rubrics())
    before = read_rubric(1, folder).sha256
    with (folder / "shared.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    between = read_rubric(1, folder).sha256
    with (folder / "s01.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert len({before, between, read_rubric(1, folder).sha256}) == 3


def test_all_rubrics_by_number(tmp_path: Path) -> None:
    folder = write_rubrics(tmp_path, good_rubrics())
    rubrics = read_rubrics(folder)
    assert list(rubrics) == [1, 2]
    assert rubrics[1] == read_rubric(1, folder)
    assert rubrics[1].scenario.criteria[2].weight == 2.0
    assert rubrics[1].shared == read_shared(folder)


@pytest.mark.parametrize(
    ("file", "changes", "where"),
    [
        ("s01.yaml", {"scenario": 2}, "s01.yaml: scenario"),
        ("s01.yaml", {"rubric_version": "1"}, "s01.yaml: rubric_version"),
        ("s01.yaml", {"criteria": [{"bullet": "s01.cover.1"}]}, "s01.yaml: criteria[0].statement"),
        ("s01.yaml", {"criteria": good_rubrics()["s01.yaml"]["criteria"][:1] * 2}, "s01.yaml: criteria[1].bullet"),
        ("shared.yaml", {"thresholds": []}, "shared.yaml: thresholds"),
        ("shared.yaml", {"schema_version": 9}, "shared.yaml: schema_version"),
    ],
)
def test_a_fault_names_file_and_field(tmp_path: Path, file: str, changes: dict[str, Any], where: str) -> None:
    folder = folder_with(tmp_path, file, **changes)
    with pytest.raises(RubricError) as caught:
        read_rubric(1, folder)
    assert caught.value.where == str(folder / where)
    assert "interviewer rubric lint" in caught.value.next_step


def test_more_faults_are_counted(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "s01.yaml", rubric_version=0, author="me", editor="you")
    with pytest.raises(RubricError, match=r"\(and 2 more\)"):
        read_rubric(1, folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write_rubrics(tmp_path, good_rubrics())
    with pytest.raises(RubricError, match=r"s03\.yaml"):
        read_rubric(3, folder)
    (folder / "shared.yaml").unlink()
    with pytest.raises(RubricError, match=r"shared\.yaml"):
        read_rubrics(folder)


def test_a_folder_without_rubrics_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="holds no rubric"):
        read_rubrics(tmp_path)
    with pytest.raises(RubricError, match="nowhere"):
        read_rubrics(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "number"),
    [("s01.yaml", 1), ("s12.yaml", 12), ("s100.yaml", 100), ("s1.yaml", None), ("s012.yaml", None), ("s٠١.yaml", None)],
)
def test_only_one_name_stands_for_a_scenario(name: str, number: int | None) -> None:
    assert scenario_number(name) == number


@given(text=st.text(max_size=200))
def test_any_text_is_a_rubric_or_a_rubric_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = write_rubrics(tmp_path_factory.mktemp("rubrics"), good_rubrics())
    (folder / "s01.yaml").write_text(text, encoding="utf-8", errors="ignore")
    with pytest.raises(RubricError, match=r"s01\.yaml"):
        read_rubrics(folder)
