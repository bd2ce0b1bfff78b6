"""Structured answers of the loopback endpoint: what it says depends on which object is asked for."""

import json
from typing import Any

from interviewer.noun import Noun
from tests.wire.server import method_of


class Findings(Noun):
    """What the tests ask for."""

    items: tuple[str, ...]
    score: int


FOUND = Findings(items=("lag", "schema"), score=3)


def answer_objects(request: dict[str, Any]) -> str:
    """`Ready` when a method is tried out, `Findings` else."""
    return json.dumps({"ready": True} if wanted_of(request) == "Ready" else FOUND.model_dump(mode="json"))


def wanted_of(request: dict[str, Any]) -> str:
    """The name of the object that a request asks for."""
    method = method_of(request)
    if method == "json_schema":
        return str(request["response_format"]["json_schema"]["name"])
    if method == "function_calling":
        return str(request["tools"][0]["function"]["name"])
    return "Ready" if '"ready"' in request["messages"][-1]["content"] else "Findings"


def is_probe(request: dict[str, Any]) -> bool:
    return wanted_of(request) == "Ready"
