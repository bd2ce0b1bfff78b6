"""The rubrics that ship: clean, complete, and their levels within reach."""

from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from interviewer.drills.read import read_drills
from interviewer.rubric import Rubric
from interviewer.rubrics.lint import lint_rubrics
from interviewer.rubrics.read import read_rubrics
from interviewer.rubrics.words import words
from interviewer.scenario import DrillDocument
from interviewer.shipped import shipped_path


@pytest.fixture(scope="module")
def document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


@pytest.fixture(scope="module")
def rubrics() -> dict[int, Rubric]:
    return read_rubrics(shipped_path("rubrics"))


def test_they_are_clean(document: DrillDocument) -> None:
    assert [str(fault) for fault in lint_rubrics(shipped_path("rubrics"), document)] == []


def test_every_bullet_has_its_criterion(document: DrillDocument, rubrics: dict[int, Rubric]) -> None:
    own = [one.bullet for rubric in rubrics.values() for one in rubric.scenario.criteria]
    assert len(own) == 238
    assert sorted(own) == sorted(bullet.id for scenario in document.scenarios for bullet in scenario.key_bullets)


def test_shared_criteria_stand_for_the_preamble(rubrics: dict[int, Rubric]) -> None:
    shared = rubrics[1].shared.criteria
    assert Counter(one.bullet.rpartition(".")[0] for one in shared) == {
        "shared.step": 6,
        "shared.opening": 4,
        "shared.senior": 5,
    }
    assert {one.competency for one in shared if ".senior." in one.bullet} == {"seniority"}
    assert {one.competency for one in shared if ".senior." not in one.bullet} == {"structure"}


def test_shared_criteria_bring_their_evidence(rubrics: dict[int, Rubric]) -> None:
    for one in rubrics[1].shared.criteria:
        assert len(one.accepted) >= 8
        assert len(one.near_misses) >= 5
        assert one.partial


def test_no_phrasing_counts_for_two_shared_criteria(rubrics: dict[int, Rubric]) -> None:
    shared = rubrics[1].shared.criteria
    accepted = Counter(tuple(words(text)) for one in shared for text in one.accepted)
    assert max(accepted.values()) == 1


def test_competencies_weigh_the_same(rubrics: dict[int, Rubric]) -> None:
    assert {one.weight for one in rubrics[1].shared.competencies} == {1.0}
    assert {one.weight for rubric in rubrics.values() for one in rubric.criteria} == {1.0}


def level(rubric: Rubric, share: float) -> int:
    borders: dict[str, float] = rubric.shared.thresholds.model_dump()
    return 1 + sum(share >= border for border in borders.values())


@pytest.mark.parametrize("size", range(3, 13))
def test_each_level_can_be_reached_in_a_list_of(size: int, rubrics: dict[int, Rubric]) -> None:
    reached = {level(rubrics[1], halves / 2 / size) for halves in range(2 * size + 1)}
    assert reached == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("met", "size", "expected"),
    [
        *[(0, 4, 1), (1, 2, 4), (2, 2, 5), (1, 3, 3), (2, 3, 5), (1, 4, 2), (2, 4, 4), (3, 4, 5), (3, 5, 5), (4, 6, 5)],
        *[(1, 11, 1), (4, 11, 3), (5, 11, 4), (7, 11, 5)],
    ],
)
def test_a_list_is_a_menu(met: int, size: int, expected: int, rubrics: dict[int, Rubric]) -> None:
    assert level(rubrics[1], met / size) == expected


def test_a_hint_never_pays(rubrics: dict[int, Rubric]) -> None:
    caps = rubrics[1].shared.hint_caps
    assert caps.pump >= caps.narrow >= caps.partial >= caps.reveal == 0.0


def test_no_probe_is_a_statement_of_another_criterion(rubrics: dict[int, Rubric]) -> None:
    for rubric in rubrics.values():
        for one, other in product(rubric.criteria, repeat=2):
            assert words(one.probe) != words(other.statement)


def test_rubrics_are_data_only() -> None:
    assert {path.suffix for path in Path(shipped_path("rubrics")).iterdir()} == {".yaml"}
