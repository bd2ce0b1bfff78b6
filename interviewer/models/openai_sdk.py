"""The only door to the openai package: its transport, the list of models, and what its errors mean.

What escapes from the client under faults was measured for openai 3.54: besides its own errors, JSONDecodeError,
AttributeError, IndexError, TypeError and ValidationError. Each becomes one of ours; none of its texts goes further than
a short, redacted excerpt, since servers echo keys and prompts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import openai

from interviewer.errors import (
    BadResponse,
    ModelAuthError,
    ModelBadResponseError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitedError,
    ModelRefusedError,
    ModelRequestTooLargeError,
    ModelTimeoutError,
    ModelTruncatedError,
    ModelUnavailableError,
)
from interviewer.models.endpoint import Endpoint

CONNECT_S = 5.0
NO_KEY = "none"
LIST_S = 10.0
_DOCTOR = "`interviewer doctor` says more."
_TOO_LARGE = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum.{0,20}tokens|too (?:long|large|many tokens)", re.IGNORECASE
)
_SECRET = re.compile(r"\b(?:sk|pk|rk)-[\w*.-]{4,}|Bearer\s+\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_MOST_SHOWN = 160
_QUOTED_CHARS = 16


def open_transport(endpoint: Endpoint) -> Any:
    """An HTTP client for one endpoint: no redirects, no proxy but the given one, nothing taken from the environment.

    Reads have no time-out of their own: deadlines are kept by whoever waits for content.
    """
    timeout = openai.Timeout(None, connect=CONNECT_S)

    async def tidy(request: Any) -> None:
        _drop_account(request, endpoint)

    return openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=False,
        proxy=endpoint.proxy,
        timeout=timeout,
        event_hooks={"request": [tidy]},
    )


def list_models(endpoint: Endpoint) -> tuple[str, ...]:
    """Names of the models that the endpoint offers, sorted.

    Raises:
        ModelError: it cannot be reached, will not have the key, or does not answer like such an endpoint.
    """
    transport = openai.DefaultHttpxClient(
        follow_redirects=False,
        trust_env=False,
        proxy=endpoint.proxy,
        event_hooks={"request": [lambda request: _drop_account(request, endpoint)]},
    )
    client = openai.OpenAI(
        api_key=secret_of(endpoint), base_url=endpoint.base_url, timeout=LIST_S, max_retries=0, http_client=transport
    )
    try:
        with client:
            return tuple(sorted(one.id for one in client.models.list()))
    except Exception as error:  # noqa: BLE001 - the client lets bare errors of many kinds through; see above
        raise translate(error, endpoint) from None


def _drop_account(request: Any, endpoint: Endpoint) -> None:
    """Names of OpenAI's accounts, which its client takes from the environment, are nothing to other servers."""
    if not endpoint.is_openai:
        for name in ("OpenAI-Organization", "OpenAI-Project"):
            request.headers.pop(name, None)


def secret_of(endpoint: Endpoint) -> str:
    """The key; a word for servers that want none, since the client insists on one."""
    return endpoint.key.get_secret_value() if endpoint.key else NO_KEY


def translate(error: Exception, endpoint: Endpoint, asked: Sequence[str] = ()) -> ModelError:
    """What an error of the client means; nothing that was `asked` is quoted in it."""
    if isinstance(error, ModelError):
        return error
    private = (secret_of(endpoint), *asked)
    if isinstance(error, openai.APIStatusError):
        return _status(error, endpoint, private)
    where = endpoint.host
    if isinstance(error, openai.APITimeoutError):
        return ModelTimeoutError("The endpoint did not answer in time.", where=where, next_step=_DOCTOR)
    if isinstance(error, openai.APIConnectionError):
        reason = type(error.__cause__ or error).__name__
        what = f"The endpoint cannot be reached, or closed the connection ({reason})."
        return ModelUnavailableError(what, where=where, next_step=f"Is it running at {endpoint.base_url}? {_DOCTOR}")
    if isinstance(error, openai.LengthFinishReasonError):
        return ModelTruncatedError("The reply ran into its length limit.", where=where)
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return ModelRefusedError("A content filter stopped the reply.", where=where)
    if isinstance(error, openai.APIError):
        what = f"The endpoint reported an error in its answer: {excerpt(error.message, private)}"
        return ModelBadResponseError(what, kind="error_body", where=where, next_step=_DOCTOR)
    if isinstance(error, openai.OpenAIError):
        return ModelAuthError("The client will not start with these settings.", where=where, next_step=_DOCTOR)
    kind = type(error).__name__
    what = f"The answer is not one of an OpenAI-compatible endpoint ({kind})."
    advice = f"Does the base URL {endpoint.base_url} end where /chat/completions begins? {_DOCTOR}"
    bad: BadResponse = "bad_event" if isinstance(error, json.JSONDecodeError) else "not_completion"
    return ModelBadResponseError(what, kind=bad, where=where, next_step=advice)


def _status(error: openai.APIStatusError, endpoint: Endpoint, private: Sequence[str]) -> ModelError:
    status, where = error.status_code, endpoint.host
    said = excerpt(error.message, private)
    if 300 <= status < 400:
        what = "The endpoint redirects elsewhere; what a candidate wrote is not sent on."
        return ModelBadResponseError(what, kind="redirect", where=where, next_step="Check the base URL.")
    if status in (401, 403):
        what = "The endpoint will not have this key." if endpoint.key else "The endpoint wants a key."
        return ModelAuthError(what, where=where, next_step="Set INTERVIEWER_API_KEY (or OPENAI_API_KEY).")
    if status == 402 or error.code == "insufficient_quota" or "insufficient_quota" in said:
        return ModelQuotaError("The account's quota is used up.", where=where, next_step="Top it up, or go on offline.")
    if status == 429:
        wait = retry_after_s(error.response.headers)
        told = "" if wait is None else f" It asks to wait {wait:.0f} s."
        return ModelRateLimitedError(f"Too many requests.{told}", where=where, retry_after_s=wait)
    if status == 413 or (status in (400, 422) and (error.code == "context_length_exceeded" or _TOO_LARGE.search(said))):
        return ModelRequestTooLargeError("The prompt does not fit this model.", where=where, next_step=_DOCTOR)
    if status == 404:
        what = f"There is no model {endpoint.model} here, or no /chat/completions."
        advice = "`interviewer doctor` lists the models."
        return ModelBadResponseError(what, kind="not_found", where=where, next_step=advice)
    if status in (400, 422) and error.code == "content_filter":
        return ModelRefusedError("A content filter refused the request.", where=where)
    if status >= 500 or status in (408, 409, 425):
        return ModelUnavailableError(f"The endpoint failed (HTTP {status}).", where=where, next_step=_DOCTOR)
    what = f"The endpoint would not take the request (HTTP {status}): {said}"
    return ModelBadResponseError(what, kind="rejected", where=where, next_step=_DOCTOR)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After header asks for; None where it says nothing that is a number.

    >>> retry_after_s({"retry-after-ms": "50"}), retry_after_s({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    (0.05, None)
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(float(headers.get(name, "")), 0.0) * unit
        except ValueError:
            continue
    return None


def excerpt(text: str, private: Sequence[str] = ()) -> str:
    """A short piece of a server's message without keys and addresses, and without what it quotes of private texts.

    >>> excerpt("Incorrect API key provided: sk-abcdef123")
    'Incorrect API key provided: (removed)'
    >>> excerpt("too odd: my pipeline is red", ["my pipeline is red"])
    'too odd: (removed)'
    """
    plain = " ".join(_without_quotes(_SECRET.sub("(removed)", text), private).split())
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…"


def _without_quotes(text: str, private: Sequence[str]) -> str:
    """The text less every run of 16 characters or more that it shares with a private one, and less short ones whole."""
    for one in (one for one in private if 0 < len(one) < _QUOTED_CHARS and one != NO_KEY):
        text = text.replace(one, "(removed)")
    runs = {one[at : at + _QUOTED_CHARS] for one in private for at in range(len(one) - _QUOTED_CHARS + 1)}
    kept, at = "", 0
    while at < len(text):
        end = at
        while text[end : end + _QUOTED_CHARS] in runs:
            end += 1
        if end > at:
            kept, at = f"{kept}(removed)", end + _QUOTED_CHARS - 1
        else:
            kept, at = kept + text[at], at + 1
    return kept
