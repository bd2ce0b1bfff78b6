"""Plain data held against the rubric nouns: every mismatch at once, each with its field."""

from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from interviewer.noun import Noun
from interviewer.rubric import CompetencyId
from interviewer.rubrics.fault import Fault, FaultKind

SCHEMA_VERSION = 1
_SHOWN = 60
_WRONG_TYPE_OF = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "invalid_key": "a key in words",
}


def find_schema_faults(data: Any, noun: type[Noun], path: Path) -> tuple[Fault, ...]:
    """Every way in which the data is not such a noun; none when it is.

    Types are strict: `weight: "1"` is text, not a number.
    """
    try:
        noun.model_validate(as_tuples(data), strict=True)
    except ValidationError as error:
        return tuple(_fault(one, path, data) for one in error.errors(include_url=False))
    return ()


def as_tuples(data: Any) -> Any:
    """The same data with tuples for lists, as strict nouns want it."""
    if isinstance(data, dict):
        return {key: as_tuples(value) for key, value in data.items()}
    return tuple(as_tuples(value) for value in data) if isinstance(data, list) else data


def field_path(location: tuple[int | str, ...]) -> str:
    """A place in nested data as people write it.

    >>> field_path(("criteria", 4, "weight"))
    'criteria[4].weight'
    """
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _fault(error: ErrorDetails, path: Path, data: Any) -> Fault:
    kind, what, next_step = _explain(error)
    location = error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"]
    field, bullet = field_path(location), _bullet(location, data)
    return Fault(kind=kind, file=str(path), field=field, bullet=bullet, what=what, next_step=next_step)


def _explain(error: ErrorDetails) -> tuple[FaultKind, str, str]:
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return "unknown_key", f"the key “{name}” is not known.", "Remove it or correct its spelling."
    if error["type"] == "missing":
        return "missing_key", f"“{name}” is missing.", "Add it."
    shown = _shown(error["input"])
    if name == "schema_version":
        return "schema_version", f"schema version {shown} is not supported.", f"This program reads {SCHEMA_VERSION}."
    if name == "weight":
        return "bad_weight", f"{shown} is not a weight.", "Give a number above 0 and up to 10, without quotation marks."
    if name == "competency":
        return "unknown_competency", f"{shown} is not a competency.", f"Choose one of {', '.join(_competencies())}."
    if error["type"] in _WRONG_TYPE_OF:
        return "wrong_type", f"{shown} is not {_WRONG_TYPE_OF[error['type']]}.", "Correct the value."
    reason = error["msg"].removeprefix("Input should be ")
    return "bad_value", f"{shown} cannot stand here.", f"It should be {reason}."


def _competencies() -> tuple[str, ...]:
    return get_args(CompetencyId)


def _shown(value: Any) -> str:
    """A short rendering of a scalar; what is large is named by its kind only."""
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, tuple):
        return "a list"
    if value is None:
        return "an empty value"
    if isinstance(value, int) and value.bit_length() > _SHOWN:
        return "a very large number"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…”"


def _bullet(location: tuple[int | str, ...], data: Any) -> str:
    """The bullet of the criterion that the place is in; empty elsewhere."""
    match location:
        case ("criteria", int(index), *_):
            entry = data["criteria"][index]
            name = entry.get("bullet") if isinstance(entry, dict) else None
            return name if isinstance(name, str) else ""
    return ""
