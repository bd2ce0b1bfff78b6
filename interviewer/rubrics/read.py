"""Rubrics from disk: `sNN.yaml` per scenario and `shared.yaml` beside them."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from interviewer.errors import RubricError
from interviewer.noun import Noun
from interviewer.rubric import Criterion, Rubric, ScenarioRubric, SharedRubric
from interviewer.rubrics.schema import as_tuples, find_schema_faults
from interviewer.yaml_file import read_yaml

SHARED_FILE = "shared.yaml"
_SCENARIO_FILE = re.compile(r"s(\d{2,})\.yaml")
_LINT = "Type `interviewer rubric lint` to see every fault."

_Noun = TypeVar("_Noun", bound=Noun)


def scenario_file(scenario: int) -> str:
    """Name of the file of a scenario.

    >>> scenario_file(3)
    's03.yaml'
    """
    return f"s{scenario:02}.yaml"


def scenario_number(name: str) -> int | None:
    """The scenario that a file name stands for; None for other names."""
    match = _SCENARIO_FILE.fullmatch(name)
    return int(match[1]) if match and scenario_file(int(match[1])) == name else None


def read_rubric(scenario: int, folder: Path) -> Rubric:
    """The rubric of one scenario with the shared one.

    Raises:
        RubricError: a file is missing, is not plain YAML, or does not fit the rubric nouns (file and field).
    """
    return _joined(scenario, folder, read_shared(folder))


def read_rubrics(folder: Path) -> dict[int, Rubric]:
    """Every rubric of a folder by scenario number, in order.

    Raises:
        RubricError: as `read_rubric`, and when the folder holds no scenario file.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise RubricError(f"cannot be read ({error.strerror}).", where=str(folder)) from error
    numbers = sorted(number for name in names if (number := scenario_number(name)) is not None)
    if not numbers:
        raise RubricError("holds no rubric.", where=str(folder), next_step="Expected files such as s01.yaml.")
    shared = read_shared(folder)
    return {number: _joined(number, folder, shared) for number in numbers}


def read_shared(folder: Path) -> SharedRubric:
    """What holds for every scenario.

    Raises:
        RubricError: as `read_rubric`.
    """
    path = folder / SHARED_FILE
    shared = _read(path, SharedRubric)
    _refuse_doubles(shared.criteria, path)
    return shared


def _joined(scenario: int, folder: Path, shared: SharedRubric) -> Rubric:
    path = folder / scenario_file(scenario)
    own = _read(path, ScenarioRubric)
    if own.scenario != scenario:
        raise RubricError(
            f"the file of scenario {scenario} says {own.scenario}.", where=f"{path}: scenario", next_step=_LINT
        )
    _refuse_doubles(own.criteria, path)
    identity = f"{path.stem}@{own.rubric_version}+shared@{shared.rubric_version}"
    digest = sha256(path.read_bytes() + b"\0" + (folder / SHARED_FILE).read_bytes()).hexdigest()
    return Rubric(identity=identity, sha256=digest, scenario=own, shared=shared)


def _read(path: Path, noun: type[_Noun]) -> _Noun:
    data: Any = read_yaml(path, RubricError)
    if faults := find_schema_faults(data, noun, path):
        first, more = faults[0], len(faults) - 1
        rest = f" (and {more} more)" if more else ""
        where = f"{first.file}: {first.field}" if first.field else first.file
        raise RubricError(f"{first.what}{rest}", where=where, next_step=f"{first.next_step} {_LINT}")
    return noun.model_validate(as_tuples(data), strict=True)


def _refuse_doubles(criteria: tuple[Criterion, ...], path: Path) -> None:
    seen: set[str] = set()
    for index, criterion in enumerate(criteria):
        if criterion.bullet in seen:
            where = f"{path}: criteria[{index}].bullet"
            raise RubricError(f"{criterion.bullet} has a criterion already.", where=where, next_step=_LINT)
        seen.add(criterion.bullet)
