"""Turns every dependency's telemetry and every download at run time off. Call before importing any of them."""

import os
from collections.abc import MutableMapping

_FORCED = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}
# A shell that has these set would send transcripts elsewhere.
_REMOVED = ("LANGSMITH_GATEWAY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT", "GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def silence_telemetry(environment: MutableMapping[str, str] = os.environ) -> None:
    """Force the switches of our dependencies; loopback addresses bypass any proxy."""
    environment.update(_FORCED)
    for name in _REMOVED:
        environment.pop(name, None)
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in environment.get(name, "").split(",") if host]
        environment[name] = ",".join(hosts + [host for host in _LOOPBACK if host not in hosts])


def find_loud(environment: MutableMapping[str, str] = os.environ) -> tuple[str, ...]:
    """Names of switches that would let a dependency report elsewhere; none after `silence_telemetry`."""
    wrong = [name for name, value in _FORCED.items() if environment.get(name) != value]
    return (*wrong, *(name for name in _REMOVED if name in environment))
