"""How an endpoint is made to give structured output: found out once, remembered in a file."""

import json
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from interviewer.models.endpoint import Endpoint

Method = Literal["json_schema", "function_calling", "json_mode"]
METHODS: tuple[Method, ...] = get_args(Method)


class MethodBook:
    """Endpoint and model -> method. Without a path it is kept in memory; a damaged file counts as empty."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = Lock()
        self._known: dict[str, str] = _read(path)

    def find(self, endpoint: Endpoint) -> Method | None:
        """The method that is known to work; None when it was not found out yet."""
        known = self._known.get(_key(endpoint))
        return next((method for method in METHODS if method == known), None)

    def remember(self, endpoint: Endpoint, method: Method | None) -> None:
        """Keep it, or with None forget it."""
        with self._lock:
            known = dict(self._known)
            known.pop(_key(endpoint), None)
            if method:
                known[_key(endpoint)] = method
            self._known = known
            if self._path:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                part = self._path.with_suffix(".part")
                part.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
                part.replace(self._path)


def _key(endpoint: Endpoint) -> str:
    return f"{endpoint.base_url} {endpoint.model}"


def _read(path: Path | None) -> dict[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in data.items()} if isinstance(data, dict) else {}
