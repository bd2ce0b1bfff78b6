"""The retrieval eval set: what people ask, which passages answer it (by span), reference answers, a smoke set.

The form of the five files is told in `evals/rag/README.md`.
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import Field, StringConstraints, ValidationError, model_validator

from interviewer.errors import QuerySetError
from interviewer.noun import Noun

QUERIES, QRELS, JUDGED = "queries.jsonl", "qrels.jsonl", "judged.jsonl"
ANSWERS, SMOKE = "answers.jsonl", "smoke.jsonl"
MAX_BYTES = 20_000_000
NEXT_STEP = "`interviewer eval lint` shows every fault at once."

Name = Annotated[str, StringConstraints(pattern=r"^\S{1,80}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=2000, pattern=r"\S")]


class Kind(StrEnum):
    """How a query is put to the corpus."""

    DIRECT = "direct"
    PARAPHRASE = "paraphrase"
    SYMPTOM = "symptom"
    MULTI_SECTION = "multi_section"
    CONFUSABLE = "confusable"
    FOLLOW_UP = "follow_up"
    UNANSWERABLE = "unanswerable"


class Said(Noun):
    """An earlier turn."""

    speaker: Literal["interviewer", "candidate"]
    text: Words


class EvalQuery(Noun):
    """A query; `scenario` is None for the preamble and for unanswerable ones, `also` are scenarios that are as right.

    `history` holds earlier turns, oldest first, of a follow-up and of nothing else.
    """

    id: Name
    scenario: int | None
    kind: Kind
    text: Words
    also: tuple[int, ...] = ()
    history: tuple[Said, ...] = ()

    @model_validator(mode="after")
    def _history_goes_with_follow_ups(self) -> "EvalQuery":
        if (self.kind is Kind.FOLLOW_UP) != bool(self.history):
            raise ValueError("history: goes with the kind follow_up, always and only")
        if self.kind is Kind.UNANSWERABLE and (self.scenario is not None or self.also):
            raise ValueError("scenario: is null where nothing answers")
        return self

    @property
    def answerable(self) -> bool:
        return self.kind is not Kind.UNANSWERABLE

    @property
    def right(self) -> frozenset[int]:
        """The scenarios that count as found; empty for the preamble and for unanswerable queries."""
        return frozenset() if self.scenario is None else frozenset({self.scenario, *self.also})


class EvalQrel(Noun):
    """A passage that answers a query (grade 2) or bears on it (grade 1).

    `start` and `end` are character offsets in the document `doc`, end exclusive; `bullet` and `section` are the ids of
    `interviewer.evaluation.places`.
    """

    query: Name
    doc: Name
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    bullet: Name
    section: Name
    grade: Literal[1, 2]

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> "EvalQrel":
        if self.end <= self.start:
            raise ValueError("end: is not after start")
        return self


class Judged(Noun):
    """Passages that were looked at for a query and found not to be relevant; what is in neither file is unjudged."""

    query: Name
    irrelevant: tuple[Name, ...]


class Answer(Noun):
    """What a good answer to a query says, and the passages it rests on."""

    query: Name
    reference: Words
    bullets: tuple[Name, ...] = Field(min_length=1)


class Smoke(Noun):
    """A query of the smoke set."""

    query: Name


Row = TypeVar("Row", EvalQuery, EvalQrel, Judged, Answer, Smoke)
Numbered = tuple[tuple[int, Row], ...]


class EvalRows(NamedTuple):
    """What the files hold: rows with their line (from 1), and one error for each row or file that cannot be used."""

    queries: Numbered[EvalQuery]
    qrels: Numbered[EvalQrel]
    judged: Numbered[Judged]
    answers: Numbered[Answer]
    smoke: Numbered[Smoke]
    faults: tuple[QuerySetError, ...]


class EvalSet(NamedTuple):
    """A set whose rows can be used; what they say together is checked by the lint alone.

    `irrelevant` maps a query to the passages judged not to be relevant; `smoke` holds ids of queries.
    """

    queries: tuple[EvalQuery, ...]
    qrels: tuple[EvalQrel, ...]
    answers: tuple[Answer, ...]
    smoke: tuple[str, ...]
    irrelevant: Mapping[str, frozenset[str]] = MappingProxyType({})

    def smoke_queries(self) -> tuple[EvalQuery, ...]:
        return tuple(query for query in self.queries if query.id in self.smoke)


def read_evalset(folder: Path) -> EvalSet:
    """The eval set of a folder.

    Raises:
        QuerySetError: a file cannot be read or a row has not its form; says file, line and field of the first fault.
    """
    rows = read_rows(folder)
    if rows.faults:
        raise rows.faults[0]
    return EvalSet(
        queries=tuple(row for _, row in rows.queries),
        qrels=tuple(row for _, row in rows.qrels),
        answers=tuple(row for _, row in rows.answers),
        smoke=tuple(row.query for _, row in rows.smoke),
        irrelevant={row.query: frozenset(row.irrelevant) for _, row in rows.judged},
    )


def read_rows(folder: Path) -> EvalRows:
    """Every row that has its form, and a fault for every row or file that has not; never raises for what is there."""
    faults: list[QuerySetError] = []
    return EvalRows(
        queries=_read(folder / QUERIES, EvalQuery, faults),
        qrels=_read(folder / QRELS, EvalQrel, faults),
        judged=_read(folder / JUDGED, Judged, faults),
        answers=_read(folder / ANSWERS, Answer, faults),
        smoke=_read(folder / SMOKE, Smoke, faults),
        faults=tuple(faults),
    )


def _read(path: Path, form: type[Row], faults: list[QuerySetError]) -> Numbered[Row]:
    rows = []
    try:
        for number, line in _lines(path):
            try:
                rows.append((number, parse_row(line, form, f"{path}:{number}")))
            except QuerySetError as fault:
                faults.append(fault)
    except QuerySetError as fault:
        faults.append(fault)
    return tuple(rows)


def parse_row(line: str, form: type[Row], where: str) -> Row:
    """One row of one of the files.

    Raises:
        QuerySetError: it is not a JSON object, or has not the form; its place is `where:field`.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuerySetError(f"is not JSON ({error}).", where=where, next_step=NEXT_STEP) from None
    if not isinstance(value, dict):
        raise QuerySetError("is not a JSON object.", where=where, next_step=NEXT_STEP)
    try:
        return form.model_validate_json(line, strict=True)
    except ValidationError as error:
        field, what = _first(error)
        raise QuerySetError(what, where=f"{where}:{field}", next_step=NEXT_STEP) from None


def _first(error: ValidationError) -> tuple[str, str]:
    """Field and sentence of the first fault; those that we raise name their field before a colon."""
    fault: Any = error.errors(include_url=False)[0]
    what = str(fault["msg"]).removeprefix("Value error, ")
    if fault["loc"]:
        return ".".join(map(str, fault["loc"])), f"{what}."
    field, colon, rest = what.partition(": ")
    return (field, f"{rest}.") if colon else ("row", f"{what}.")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise QuerySetError(f"cannot be read ({error.strerror}).", where=str(path), next_step=NEXT_STEP) from error
    if len(content) > MAX_BYTES:
        raise QuerySetError(f"is larger than {MAX_BYTES} bytes.", where=str(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuerySetError(f"is not UTF-8 (byte {error.start}).", where=str(path)) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line
