"""Authored wordings: titles and symptoms as people write them, one file per scenario, and wordings that fit none."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from interviewer.errors import PhrasingsError
from interviewer.manifest import SourceDigest, digest_source
from interviewer.noun import Noun
from interviewer.yaml_file import read_yaml

OUTSIDE = "outside.yaml"

Form = TypeVar("Form", bound=Noun)


class ScenarioPhrasings(Noun):
    """How people put one scenario: as a title, as a symptom that they see."""

    scenario: int = Field(ge=1)
    titles: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()


class _Outside(Noun):
    outside: tuple[str, ...]


class Phrasings(Noun):
    """All authored wordings beside a drill document; `outside` fit no drill and only help to tell fits from others."""

    scenarios: tuple[ScenarioPhrasings, ...] = ()
    outside: tuple[str, ...] = ()
    sources: tuple[SourceDigest, ...] = ()

    def scenario(self, number: int) -> ScenarioPhrasings | None:
        return next((one for one in self.scenarios if one.scenario == number), None)


def phrasing_sources(folder: Path) -> tuple[SourceDigest, ...]:
    """Digests of the files in a folder of phrasings, in order of name; empty when there is no such folder."""
    return tuple(digest_source(path.name, path.read_bytes()) for path in _files(folder))


def read_phrasings(folder: Path) -> Phrasings:
    """Every `sNN.yaml` and `outside.yaml` of a folder; nothing when there is no such folder.

    Raises:
        PhrasingsError: a file does not have the form `{scenario, titles, symptoms}` (or `{outside}`), a wording is
            empty, or two files are for one scenario; with file and field.
    """
    scenarios: dict[int, ScenarioPhrasings] = {}
    outside: tuple[str, ...] = ()
    for path in _files(folder):
        if path.name == OUTSIDE:
            outside = _checked(_Outside, path).outside
            continue
        one = _checked(ScenarioPhrasings, path)
        if one.scenario in scenarios:
            raise PhrasingsError(f"a second file for scenario {one.scenario}.", where=str(path))
        scenarios[one.scenario] = one
    ordered = tuple(scenarios[number] for number in sorted(scenarios))
    return Phrasings(scenarios=ordered, outside=outside, sources=phrasing_sources(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def _checked(form: type[Form], path: Path) -> Form:
    """A file of that form without empty wordings."""
    try:
        value = form.model_validate(read_yaml(path, PhrasingsError))
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise PhrasingsError(f"{place}: {fault['msg']}.", where=str(path)) from None
    _refuse_empty(value.model_dump(), path)
    return value


def _refuse_empty(fields: dict[str, Any], path: Path) -> None:
    for name, wordings in fields.items():
        for number, wording in enumerate(wordings if isinstance(wordings, tuple) else ()):
            if not wording.strip():
                raise PhrasingsError(f"{name}.{number} is empty.", where=str(path), next_step="Write or delete it.")
