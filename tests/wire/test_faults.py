"""Every way in which an endpoint fails (L1-L22 of the fault matrix), over TCP: which error, how many requests."""

import socket

import pytest

from interviewer.errors import (
    ModelAuthError,
    ModelBadResponseError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitedError,
    ModelRefusedError,
    ModelRequestTooLargeError,
    ModelTruncatedError,
    ModelUnavailableError,
)
from tests.wire.client import KEY, SAID, endpoint_of, opened, outcome
from tests.wire.server import loopback

TEXT = "What would you look at first, and what would it tell you about the cause?"

# row, fault, error, kind, requests: those that say nothing before they fail
AT_ONCE: list[tuple[str, str, type[ModelError], str, int]] = [
    ("L6", "close", ModelUnavailableError, "", 3),
    ("L8", "429", ModelRateLimitedError, "", 3),
    ("L9", "429long", ModelRateLimitedError, "", 1),
    ("L10", "429quota", ModelQuotaError, "", 1),
    ("L11", "500", ModelUnavailableError, "", 3),
    ("L11", "503html", ModelUnavailableError, "", 3),
    ("L12", "401", ModelAuthError, "", 1),
    ("L12", "404", ModelBadResponseError, "not_found", 1),
    ("L12", "400ctx", ModelRequestTooLargeError, "", 1),
    ("L13", "badjson", ModelBadResponseError, "not_completion", 2),
    ("L13", "html200", ModelBadResponseError, "not_completion", 2),
    ("L13", "emptybody", ModelBadResponseError, "not_completion", 2),
    ("L13", "badevent", ModelBadResponseError, "bad_event", 2),
    ("L14", "err200", ModelBadResponseError, "not_completion", 2),
    ("L14", "errorevent", ModelBadResponseError, "error_body", 2),
    ("L14", "nullchoices", ModelBadResponseError, "incomplete", 2),
    ("L15", "emptychoices", ModelBadResponseError, "incomplete", 2),
    ("L16", "refusal", ModelRefusedError, "", 1),
    ("L16", "filter", ModelRefusedError, "", 1),
    ("L20", "redirect", ModelBadResponseError, "redirect", 1),
]
# those that break off: what was shown stays, and the reply is not asked for again
BROKEN_OFF: list[tuple[str, str, type[ModelError], str]] = [
    ("L6", "trunc", ModelBadResponseError, "incomplete"),
    ("L6", "trunc_rst", ModelUnavailableError, ""),
    ("L7", "nodone", ModelBadResponseError, "incomplete"),
    ("L7", "trunc_close", ModelBadResponseError, "incomplete"),
    ("L17", "length", ModelTruncatedError, ""),
]


@pytest.mark.parametrize(("row", "fault", "kind_of_error", "kind", "requests"), AT_ONCE)
def test_what_fails_at_once(row: str, fault: str, kind_of_error: type[ModelError], kind: str, requests: int) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        came = outcome(model)
        assert type(came.error) is kind_of_error
        assert getattr(came.error, "kind", "") == kind
        assert came.pieces == []
        assert len(server.requests) == requests
        assert came.error.where == model.endpoint.host
        assert_tells_nothing(str(came.error))


@pytest.mark.parametrize(("row", "fault", "kind_of_error", "kind"), BROKEN_OFF)
def test_what_breaks_off_keeps_what_was_said(row: str, fault: str, kind_of_error: type[ModelError], kind: str) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        came = outcome(model)
        assert type(came.error) is kind_of_error
        assert getattr(came.error, "kind", "") == kind
        assert came.text
        assert TEXT.startswith(came.text)
        assert len(server.requests) == 1
        assert_tells_nothing(str(came.error))


@pytest.mark.parametrize("fault", ["429", "500", "close", "badjson", "emptychoices", "badevent"])
def test_what_passes_is_tried_again(fault: str) -> None:
    told: list[str] = []
    with loopback(TEXT, [fault, ""]) as server, opened(server.url, tell=told.append) as model:
        came = outcome(model)
        assert came.text == TEXT
        assert len(server.requests) == 2
        assert server.requests[0] == server.requests[1]
        assert len(told) == 1


def test_a_closed_port_is_unavailable() -> None:
    """L1."""
    told: list[str] = []
    with opened(f"http://127.0.0.1:{free_port()}/v1", tell=told.append) as model:
        error = outcome(model).error
        assert type(error) is ModelUnavailableError
        assert model.endpoint.base_url in error.next_step
        assert len(told) == 2


def test_a_name_that_does_not_exist_is_unavailable() -> None:
    """L2."""
    told: list[str] = []
    with opened(endpoint_of("https://no.invalid/v1"), tell=told.append) as model:
        error = outcome(model).error
        assert type(error) is ModelUnavailableError
        assert error.where == "no.invalid"
        assert len(told) == 2


def test_a_long_wait_is_told_and_not_waited_for() -> None:
    """L9."""
    told: list[str] = []
    with loopback(TEXT, ["429long"]) as server, opened(server.url, tell=told.append) as model:
        error = outcome(model).error
        assert isinstance(error, ModelRateLimitedError)
        assert error.retry_after_s == 600
        assert "600 s" in error.what
        assert told == []


def test_a_key_revoked_on_the_way_is_said_at_once() -> None:
    """L22."""
    with loopback(TEXT, ["", "401"]) as server, opened(server.url) as model:
        assert outcome(model).text == TEXT
        error = outcome(model).error
        assert type(error) is ModelAuthError
        assert "INTERVIEWER_API_KEY" in error.next_step
        assert len(server.requests) == 2


def test_a_missing_key_is_told_apart_from_a_wrong_one() -> None:
    """L22."""
    with loopback(TEXT, ["401"]) as server, opened(endpoint_of(server.url, key=None)) as model:
        error = outcome(model).error
        assert type(error) is ModelAuthError
        assert "wants a key" in error.what


@pytest.mark.parametrize("key", [KEY, "gateway_0a1b2c3d4e5f"])
def test_what_a_server_echoes_goes_no_further(key: str) -> None:
    with loopback(TEXT, ["echo"]) as server, opened(endpoint_of(server.url, key=key)) as model:
        error = outcome(model).error
        assert isinstance(error, ModelBadResponseError)
        assert error.kind == "rejected"
        assert key not in str(error)
        assert_tells_nothing(str(error))


def test_an_error_is_seen_once_a_reply_was_complete() -> None:
    with loopback(TEXT, ["", "trunc", ""]) as server, opened(server.url) as model:
        assert [outcome(model).text == TEXT for _ in range(3)] == [True, False, True]
        assert len(server.requests) == 3


def assert_tells_nothing(text: str) -> None:
    """No key, whoever's, and nothing of the prompt."""
    assert KEY not in text
    assert "sk-" not in text
    assert SAID not in text
    assert "pipeline is red" not in text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
