"""A rubric file as far as it can be read: what the checks beyond the schema look at, broken parts left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from interviewer.noun import Noun
from interviewer.rubrics.fault import Fault, FaultKind


class Entry(Noun):
    """One criterion with whatever is text in it; the rest is empty.

    `blanks` are the fields that hold a text with nothing in it.
    """

    file: str
    index: int
    bullet: str
    statement: str
    probe: str
    accepted: tuple[str, ...]
    near_misses: tuple[str, ...]
    blanks: tuple[str, ...]

    def fault(self, kind: FaultKind, field: str, what: str, next_step: str) -> Fault:
        """A fault in one of this criterion's fields."""
        place = f"criteria[{self.index}].{field}"
        return Fault(kind=kind, file=self.file, field=place, bullet=self.bullet, what=what, next_step=next_step)


class RubricFile(Noun):
    """A file that is YAML; `scenario` is what its name says, None for the shared one; `has_criteria` as a list."""

    path: Path
    scenario: int | None
    data: Any
    entries: tuple[Entry, ...]
    has_criteria: bool


def build_rubric_file(path: Path, scenario: int | None, data: Any) -> RubricFile:
    listed = data.get("criteria") if isinstance(data, dict) else None
    has_criteria = isinstance(listed, list)
    listed = listed if isinstance(listed, list) else []
    entries = tuple(_entry(path, index, one) for index, one in enumerate(listed) if isinstance(one, dict))
    return RubricFile(path=path, scenario=scenario, data=data, entries=entries, has_criteria=has_criteria)


def _entry(path: Path, index: int, data: dict[Any, Any]) -> Entry:
    return Entry(
        file=str(path),
        index=index,
        bullet=_text(data.get("bullet")),
        statement=_text(data.get("statement")),
        probe=_text(data.get("probe")),
        accepted=_texts(data.get("accepted")),
        near_misses=_texts(data.get("near_misses")),
        blanks=tuple(_blanks(data)),
    )


def _blanks(data: dict[Any, Any]) -> Iterator[str]:
    for field in ("bullet", "statement", "probe"):
        if isinstance(data.get(field), str) and not data[field].strip():
            yield field
    for field in ("accepted", "near_misses"):
        for place, text in enumerate(data[field] if isinstance(data.get(field), list) else ()):
            if isinstance(text, str) and not text.strip():
                yield f"{field}[{place}]"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    """Texts of a list, empty where an item is something else, so that positions stay right."""
    return tuple(_text(one) for one in value) if isinstance(value, list) else ()
