"""What is sent, to whom, and what is counted. Rows L20 and L21."""

import pytest

from interviewer.errors import ModelAuthError, ModelBadResponseError, ModelUnavailableError
from interviewer.models.language import Usage, assistant, system, user
from interviewer.models.openai_sdk import list_models
from interviewer.settings import find_proxy
from tests.wire.client import KEY, SAID, an_ask, endpoint_of, opened, outcome
from tests.wire.server import LoopbackModel, loopback

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
TEXT = "Go on, please."


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def test_the_body_is_that_of_chat_completions_and_nothing_else() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        messages = (system("Rules."), user("Hello"), assistant("What first?"), user("Logs."))
        outcome(model, an_ask().model_copy(update={"messages": messages}))
        assert server.requests == [
            {
                "model": "stub",
                "messages": [
                    {"role": "system", "content": "Rules."},
                    {"role": "user", "content": "Hello"},
                    {"role": "assistant", "content": "What first?"},
                    {"role": "user", "content": "Logs."},
                ],
                "max_tokens": 50,
                "temperature": 0.0,
                "stream": True,
                "stream_options": {"include_usage": True},
            }
        ]


@pytest.mark.parametrize("name", ["stub", "llama3.1:8b", "codex-7b", "gpt-6-luna", "o5-preview", "gpt-5-nano"])
def test_the_name_of_a_model_does_not_change_the_path(name: str) -> None:
    with loopback(TEXT) as server, opened(endpoint_of(server.url, model=name)) as model:
        assert outcome(model).text == TEXT
        assert server.requests[0]["model"] == name
        assert "max_tokens" in server.requests[0]


def test_the_key_travels_in_one_header_only() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        outcome(model)
        headers = headers_of(server)
        assert headers.pop("authorization") == f"Bearer {KEY}"
        assert KEY not in str(headers)
        assert KEY not in str(server.requests)
        assert KEY not in f"{model.endpoint!r} {model.endpoint}"


def test_variables_of_other_clients_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(TEXT) as server, loopback(TEXT) as other:
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_GATEWAY"):
            monkeypatch.setenv(name, other.url)
        for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
            monkeypatch.setenv(name, "from-the-shell")
        with opened(endpoint_of(server.url, key=None)) as model:
            assert outcome(model).text == TEXT
        assert list_models(endpoint_of(server.url, key=None)) == ("stub",)
        assert other.headers == []
        assert "from-the-shell" not in str(server.headers)


def test_a_redirect_takes_nothing_elsewhere() -> None:
    with loopback(TEXT) as elsewhere, loopback(TEXT, ["redirect"]) as server:
        server.redirects_to = f"{elsewhere.url}/chat/completions"
        with opened(server.url) as model:
            error = outcome(model).error
        assert isinstance(error, ModelBadResponseError)
        assert "Check the base URL" in error.next_step
        assert elsewhere.headers == []
        assert SAID not in str(error)


def test_a_temperature_that_is_refused_is_left_out_from_then_on() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        server.refuses = ("temperature",)
        assert outcome(model).text == TEXT
        assert outcome(model).text == TEXT
        assert ["temperature" in one for one in server.requests] == [True, False, False]


def test_tokens_are_counted_as_the_endpoint_counts_them() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        reply = outcome(model).reply
        assert reply
        asked = sum(len(one["content"]) for one in server.requests[0]["messages"]) // 4
        assert reply.usage == Usage(prompt=asked, completion=len(TEXT) // 4, calls=1)


def test_an_endpoint_that_counts_nothing_is_no_fault() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        server.counts = False
        reply = outcome(model).reply
        assert reply
        assert reply.usage == Usage(calls=1)


# -- proxies


def test_a_proxy_is_used_when_it_is_named(no_proxies: pytest.MonkeyPatch) -> None:
    with loopback(TEXT) as proxy:
        through = endpoint_of("http://model.invalid/v1", proxy=origin(proxy))
        with opened(through) as model:
            assert outcome(model).text == TEXT
        assert list_models(through) == ("stub",)
        assert [headers["Host"] for headers in proxy.headers] == ["model.invalid"] * 2


def test_a_proxy_of_the_environment_is_not_used_behind_our_back(no_proxies: pytest.MonkeyPatch) -> None:
    with loopback(TEXT) as proxy, loopback(TEXT) as server:
        for name in PROXIES[:3]:
            no_proxies.setenv(name, origin(proxy))
        with opened(server.url) as model:
            assert outcome(model).text == TEXT
        assert list_models(endpoint_of(server.url)) == ("stub",)
        assert proxy.headers == []


@pytest.mark.parametrize(
    ("variables", "address", "proxy"),
    [
        ({}, "https://api.example/v1", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://api.example/v1", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://api.example/v1", None),
        ({"http_proxy": "http://p:2"}, "http://api.example:8000/v1", "http://p:2"),
        ({"ALL_PROXY": "http://p:3"}, "https://api.example/v1", "http://p:3"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.example"}, "https://api.example/v1", None),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "127.0.0.1,localhost"}, "http://127.0.0.1:11434/v1", None),
        ({"HTTP_PROXY": "http://p:1"}, "no address", None),
    ],
)
def test_the_proxy_for_an_address(
    no_proxies: pytest.MonkeyPatch, variables: dict[str, str], address: str, proxy: str | None
) -> None:
    for name, value in variables.items():
        no_proxies.setenv(name, value)
    assert find_proxy(address) == proxy


# -- the list of models


def test_models_are_listed() -> None:
    with loopback(TEXT, models=["qwen3:8b", "llama3.1:8b"]) as server:
        assert list_models(endpoint_of(server.url)) == ("llama3.1:8b", "qwen3:8b")
        assert headers_of(server)["authorization"] == f"Bearer {KEY}"


def test_a_list_that_is_refused_says_why_without_the_key() -> None:
    with loopback(TEXT, ["401"]) as server, pytest.raises(ModelAuthError) as raised:
        list_models(endpoint_of(server.url))
    assert "sk-" not in str(raised.value)


def test_a_list_of_nobody_is_unavailable() -> None:
    with loopback(TEXT) as server:
        url = server.url
    with pytest.raises(ModelUnavailableError):
        list_models(endpoint_of(url))


def origin(server: LoopbackModel) -> str:
    """Scheme, host and port."""
    return server.url.removesuffix("/v1")


def headers_of(server: LoopbackModel) -> dict[str, str]:
    """Of the one request, by name in small letters."""
    (headers,) = server.headers
    return {name.lower(): value for name, value in headers.items()}
