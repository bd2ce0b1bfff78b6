"""Query sets: what people ask and which scenario it is about; what candidates say and which bullets it goes with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from interviewer.errors import QuerySetError

MAX_BYTES = 50_000_000

_FORM = ConfigDict(frozen=True, extra="ignore")


class Query(BaseModel):
    """A row `{"id","query","scenario": N or null,"also":[..],"fit"?}`; unknown keys are ignored.

    `also` names scenarios that are as right; `fit` says whether some drill is about it, and follows from `scenario`
    where it is not given.
    """

    model_config = _FORM

    id: str
    query: str
    scenario: int | None
    also: tuple[int, ...] = ()
    fit: bool = False

    @model_validator(mode="before")
    @classmethod
    def _default_fit(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        fit = row.get("fit")
        also = row.get("also")
        row = row | {"also": () if also is None else also}
        return row | {"fit": row.get("scenario") is not None if fit is None else fit}

    @field_validator("query")
    @classmethod
    def _not_empty(cls, query: str) -> str:
        return _filled(query)

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return _id_text(value)

    @property
    def right(self) -> frozenset[int]:
        """The scenarios that count as found; empty when none does."""
        return frozenset() if self.scenario is None else frozenset({self.scenario, *self.also})


class Passage(BaseModel):
    """A row `{"id","text","bullets":[ids],"bullets_one_pass"?:[ids]}`; unknown keys are ignored.

    `bullets_one_pass` are those that one pass of labelling found, where a later one added some.
    """

    model_config = _FORM

    id: str
    text: str
    bullets: tuple[str, ...] = Field(min_length=1)
    bullets_one_pass: tuple[str, ...] | None = None

    @field_validator("text")
    @classmethod
    def _not_empty(cls, text: str) -> str:
        return _filled(text)

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return _id_text(value)


Row = TypeVar("Row", Query, Passage)


class Rows(NamedTuple):
    """What a file holds: its good rows, and one error for each bad one."""

    queries: tuple[Query, ...] = ()
    passages: tuple[Passage, ...] = ()
    faults: tuple[QuerySetError, ...] = ()


def read_queries(path: Path) -> Rows:
    """The queries of a JSONL file; blank lines are skipped, a bad row is a fault and the rest goes on.

    Raises:
        QuerySetError: the file cannot be read, or has no good row.
    """
    rows, faults = _read(path, Query)
    return Rows(queries=rows, faults=faults)


def read_passages(path: Path) -> Rows:
    """The passages of a JSONL file; see `read_queries`.

    Raises:
        QuerySetError: the file cannot be read, or has no good row.
    """
    rows, faults = _read(path, Passage)
    return Rows(passages=rows, faults=faults)


def _read(path: Path, form: type[Row]) -> tuple[tuple[Row, ...], tuple[QuerySetError, ...]]:
    rows: dict[str, Row] = {}
    faults = []
    for number, line in _lines(path):
        try:
            row = parse_row(line, form, f"{path}:{number}")
            if row.id in rows:
                raise QuerySetError(f"the id {row.id!r} stands twice.", where=f"{path}:{number}")
            rows[row.id] = row
        except QuerySetError as fault:
            faults.append(fault)
    if not rows:
        first = f" The first fault: {faults[0]}" if faults else ""
        raise QuerySetError(f"holds no row that can be used.{first}", where=str(path))
    return tuple(rows.values()), tuple(faults)


def parse_row(line: str, form: Callable[..., Row], where: str) -> Row:
    """One row of a query set.

    Raises:
        QuerySetError: it is not JSON, or has not the form; says where.
    """
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise QuerySetError("is not a JSON object.", where=where)
        return form(**{str(key): field for key, field in value.items()})
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "row"
        raise QuerySetError(f"{place}: {fault['msg']}.", where=where) from None
    except (ValueError, RecursionError, TypeError) as error:
        raise QuerySetError(f"is not JSON ({error}).", where=where) from None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank."""
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise QuerySetError(f"is larger than {MAX_BYTES} bytes.", where=str(path))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuerySetError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise QuerySetError(f"is not UTF-8 (byte {error.start}).", where=str(path)) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


def _id_text(value: Any) -> Any:
    """Numbers are taken for ids too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
