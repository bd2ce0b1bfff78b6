"""What the doctor finds, as values, and the checks that need no endpoint."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from interviewer.models.endpoint import Endpoint
from interviewer.noun import Noun

Mark = Literal["ok", "warn", "fail"]


class Check(Noun):
    """One row: what was looked at, how it stands, what was found, what to do next (empty where nothing is to do)."""

    name: str
    mark: Mark
    what: str
    next_step: str = ""


def all_well(checks: Iterable[Check]) -> bool:
    """Whether nothing needs attention."""
    return all(one.mark == "ok" for one in checks)


def check_engine(engine: str, *, uses_model: bool, has_key: bool, base_url: str | None) -> Check:
    """Which engine runs, and why."""
    name = "engine"
    if engine != "auto":
        why = "INTERVIEWER_ENGINE says so"
    elif uses_model:
        why = " and ".join(one for one in (has_key and "a key", base_url and "a base URL") if one) + " is set"
    else:
        why = "neither a key nor a base URL is set"
    if uses_model:
        return Check(name=name, mark="ok", what=f"llm, since {why}.")
    what = f"offline, since {why}: questions, judge and search are embedded, and nothing is asked of any server."
    unused = "It is not used; set INTERVIEWER_ENGINE=auto to use it." if has_key or base_url else ""
    return Check(name=name, mark="ok", what=what, next_step=unused)


def check_telemetry(loud: Iterable[str]) -> Check:
    """Args: loud: switches of our dependencies that would let them report elsewhere."""
    names = ", ".join(loud)
    if not names:
        return Check(name="telemetry", mark="ok", what="off in every dependency.")
    return Check(name="telemetry", mark="warn", what=f"not switched off: {names}.", next_step="Start by `interviewer`.")


def check_key(endpoint: Endpoint) -> Check:
    """Whether there is a key where one is needed; it is never shown."""
    if endpoint.key and endpoint.key.get_secret_value():
        return Check(name="key", mark="ok", what="set (********).")
    if endpoint.is_openai:
        step = "Set INTERVIEWER_API_KEY (or OPENAI_API_KEY)."
        return Check(name="key", mark="fail", what="OpenAI wants one and none is set.", next_step=step)
    return Check(name="key", mark="ok", what="none is set; servers of your own seldom want one.")


def check_way(endpoint: Endpoint) -> Check:
    """Directly, or through which proxy; a password in its address is not shown."""
    if endpoint.proxy is None:
        return Check(name="way", mark="ok", what=f"directly to {endpoint.host}.")
    host = urlsplit(endpoint.proxy).netloc.rpartition("@")[2] or "an unreadable address"
    step = "Add the host to NO_PROXY to go directly."
    return Check(name="way", mark="ok", what=f"to {endpoint.host} through the proxy {host}.", next_step=step)
