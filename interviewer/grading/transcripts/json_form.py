"""JSON: our own form, lists of chat messages, and one of either per line."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.imported import Draft, Utterance
from interviewer.transcript import Role

_ROLES: dict[str, Role] = {
    "interviewer": "interviewer",
    "assistant": "interviewer",
    "ai": "interviewer",
    "candidate": "candidate",
    "user": "candidate",
    "human": "candidate",
}
_DROPPED = ("system", "developer", "tool", "function")
_FORM = '`{"turns": [{"role": "interviewer" or "candidate", "text": "..."}]}` or a list of chat messages'


def read_json(text: str, source: str, name: str) -> Draft:
    """A transcript in JSON.

    Raises:
        TranscriptError: it is not JSON, holds a doubled key, or is not a transcript; with line or field.
    """
    return _draft(parse_strictly(text, source), source, name)


def read_jsonl(text: str, source: str, name: str) -> Iterator[Draft | TranscriptError]:
    """One transcript a line; a bad line gives its error and the rest goes on."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            where = f"{source}:{number}"
            try:
                yield _draft(parse_strictly(line, where), where, f"{name}-{number}")
            except TranscriptError as error:
                yield error


def parse_strictly(text: str, source: str) -> Any:
    """Any JSON value, without doubled keys, NaN or endless nesting.

    Raises:
        TranscriptError: with the line of the fault.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"{source}:{error.lineno}" if error.lineno > 1 else source
        raise TranscriptError(f"is not JSON ({error.msg}, column {error.colno}).", where=where) from error
    except RecursionError:
        raise TranscriptError("is nested too deeply.", where=source) from None
    except ValueError as error:
        raise TranscriptError(f"is not plain JSON: {error}.", where=source) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        doubled = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise ValueError(f"the key {doubled[:40]!r} stands twice")
    return values


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _draft(value: Any, source: str, name: str) -> Draft:
    head = value if isinstance(value, dict) else {}
    rows = value if isinstance(value, list) else head.get("turns", head.get("messages"))
    if not isinstance(rows, list) or not rows:
        raise TranscriptError("holds no turns.", where=source, next_step=f"Expected {_FORM}.")
    utterances, dropped = _utterances(rows, source)
    identity = head.get("id")
    return Draft(
        id=identity if isinstance(identity, str) and identity.strip() else name,
        source=source,
        utterances=utterances,
        scenario=_scenario(head, source),
        warnings=(f"{dropped} message(s) of the system or of tools were left out.",) if dropped else (),
    )


def _scenario(head: dict[str, Any], source: str) -> int | None:
    scenario = head.get("scenario")
    if scenario is None:
        return None
    if isinstance(scenario, str) and scenario.strip().isdecimal():
        scenario = int(scenario)
    if isinstance(scenario, bool) or not isinstance(scenario, int):
        raise TranscriptError("scenario: is not a number.", where=source, next_step="Give the drill's number, e.g. 9.")
    return scenario


def _utterances(rows: Sequence[Any], source: str) -> tuple[tuple[Utterance, ...], int]:
    utterances, dropped = [], 0
    for place, row in enumerate(rows):
        field = f"{source}: turns[{place}]"
        if not isinstance(row, dict):
            raise TranscriptError("is not an object with role and text.", where=field, next_step=f"Expected {_FORM}.")
        speaker = row.get("role", row.get("speaker"))
        if not isinstance(speaker, str) or not speaker.strip():
            raise TranscriptError("role: is missing.", where=field, next_step="Use interviewer or candidate.")
        if speaker.lower() in _DROPPED:
            dropped += 1
            continue
        text = _text(row, field)
        utterances.append(Utterance(speaker=speaker, text=text, role=_ROLES.get(speaker.lower())))
    return tuple(utterances), dropped


def _text(row: dict[str, Any], field: str) -> str:
    """The words of a message: text, or the text parts of a list."""
    content = row.get("text", row.get("content"))
    if content is None and row.get("tool_calls"):
        return ""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "\n".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        raise TranscriptError("text: is missing or not text.", where=field)
    return content
