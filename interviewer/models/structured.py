"""Structured output, read strictly: one JSON object, no key twice, exactly the fields that were asked for."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from interviewer.errors import BadResponse, ModelBadResponseError, ModelTruncatedError
from interviewer.models.language import Ask, LanguageModel, OutputSchema, Usage, assistant, complete, user
from interviewer.noun import Noun

Object = TypeVar("Object", bound=Noun)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_MOST_FAULTS = 5
_MOST_REPAIRED_CHARS = 20_000


class UnusableReplyError(ValueError):
    """Text that is not the object asked for; `kind` as in `ModelBadResponseError`, `faults` for the model to read."""

    def __init__(self, kind: BadResponse, faults: str) -> None:
        self.kind = kind
        self.faults = faults
        super().__init__(faults)


def ask_object(
    model: LanguageModel, ask: Ask, kind: type[Object], check: Callable[[Object], str] = lambda _: ""
) -> tuple[Object, Usage]:
    """The object that the ask describes, and what it cost.

    A reply that cannot be used is sent back once with what is wrong with it; one that ran into its length limit is
    asked for once more with twice the room.

    Args:
        check: gives what is wrong with an object beyond its schema; empty when nothing is.

    Raises:
        ModelError: as `LanguageModel.respond`; `ModelBadResponseError` when the second reply cannot be used either.
    """
    wanted = ask.model_copy(update={"output": OutputSchema.of(kind)})
    try:
        reply = complete(model, wanted)
    except ModelTruncatedError:
        wanted = wanted.model_copy(update={"max_tokens": 2 * wanted.max_tokens})
        reply = complete(model, wanted)
    try:
        return _read(reply.text, kind, check), reply.usage
    except UnusableReplyError as error:
        faults = error.faults
    repair = (assistant(reply.text[:_MOST_REPAIRED_CHARS] or "(nothing)"), user(_REPAIR.format(faults=faults)))
    second = complete(model, wanted.model_copy(update={"messages": wanted.messages + repair}))
    try:
        return _read(second.text, kind, check), reply.usage + second.usage
    except UnusableReplyError as error:
        raise ModelBadResponseError(
            f"The model's structured answer cannot be used ({error.kind.replace('_', ' ')}).",
            kind=error.kind,
            where=model.identity,
            next_step="`interviewer doctor` tells what this model can do.",
        ) from None


_REPAIR = "That cannot be used: {faults} Send the whole JSON object again, corrected, and nothing else."


def parse_object(text: str, kind: type[Object]) -> Object:
    """The one JSON object in a text, held strictly against a noun. A code fence around all of it is taken off.

    Raises:
        UnusableReplyError: no JSON, a second object, a key twice, NaN, or fields that do not fit.
    """
    data = _load(text)
    try:
        # strict JSON mode: "3" is no number and 1 is no text, but a list is a tuple
        return kind.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise UnusableReplyError("schema", _describe(error)) from None


def _read(text: str, kind: type[Object], check: Callable[[Object], str]) -> Object:
    found = parse_object(text, kind)
    if faults := check(found):
        raise UnusableReplyError("schema", faults)
    return found


def _load(text: str) -> Any:
    fenced = _FENCED.match(text)
    plain = (fenced.group(1) if fenced else text).strip()
    try:
        data, end = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant).raw_decode(plain)
    except UnusableReplyError:
        raise
    except (ValueError, RecursionError):
        raise UnusableReplyError("not_json", "it is not JSON.") from None
    if plain[end:].strip():
        raise UnusableReplyError("two_objects", "something follows the JSON object.")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UnusableReplyError("duplicate_key", f"the key {twice[:40]!r} stands there twice.")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise UnusableReplyError("not_json", f"{name} is no JSON value.")


def _describe(error: ValidationError) -> str:
    """Fields and what is wrong with them, without the values: these hold transcript text."""
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, row['loc'])) or 'the object'}: {row['msg']}" for row in rows[:_MOST_FAULTS]]
    return "; ".join(told) + "."
