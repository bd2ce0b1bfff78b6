"""An endpoint as settings describe it, or a refusal that names the setting."""

import pytest
from pydantic import SecretStr

from interviewer.errors import SettingsError
from interviewer.models.endpoint import OPENAI_URL, open_endpoint
from interviewer.models.methods import MethodBook
from interviewer.models.openai_sdk import excerpt


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("openai:gpt-4.1-mini", "gpt-4.1-mini"),
        ("gpt-4.1-mini", "gpt-4.1-mini"),
        ("llama3.1:8b", "llama3.1:8b"),
        ("openai:llama3.1:8b", "llama3.1:8b"),
        (" openai:org/model-7B ", "org/model-7B"),
        ("hf.co/org/model:Q4_K_M", "hf.co/org/model:Q4_K_M"),
    ],
)
def test_names(written: str, name: str) -> None:
    endpoint = open_endpoint(written, "http://localhost:11434/v1", None)
    assert endpoint.model == name
    assert endpoint.identity == f"openai:{name}"


@pytest.mark.parametrize("written", ["", " ", "openai:", "two words"])
def test_no_name(written: str) -> None:
    with pytest.raises(SettingsError) as raised:
        open_endpoint(written, None, None)
    assert raised.value.where == "model"


@pytest.mark.parametrize(
    ("written", "address", "host"),
    [
        (None, OPENAI_URL, "api.openai.com"),
        ("", OPENAI_URL, "api.openai.com"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1", "localhost:11434"),
        (" http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "[::1]:8000"),
        ("https://models.example/v1", "https://models.example/v1", "models.example"),
    ],
)
def test_addresses(written: str | None, address: str, host: str) -> None:
    endpoint = open_endpoint("stub", written, None)
    assert (endpoint.base_url, endpoint.host) == (address, host)
    assert endpoint.is_openai == (address == OPENAI_URL)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("localhost:11434", "no web address"),
        ("ftp://localhost/v1", "no web address"),
        ("http://", "no web address"),
        ("https://me:secret@models.example/v1", "holds a password"),
        ("http://models.example/v1", "unencrypted"),
        ("http://127.0.0.1.models.example/v1", "unencrypted"),
    ],
)
def test_addresses_that_will_not_do(address: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        open_endpoint("stub", address, None)
    assert raised.value.where == "base_url"
    assert "secret" not in str(raised.value)


def test_a_network_that_is_trusted_may_be_unencrypted() -> None:
    assert open_endpoint("stub", "http://models.example/v1", None, allow_http=True).host == "models.example"


def test_a_key_is_never_shown() -> None:
    endpoint = open_endpoint("stub", None, SecretStr("sk-very-secret"))
    assert "very-secret" not in f"{endpoint!r} {endpoint} {endpoint.model_dump_json()}"


@pytest.mark.parametrize(
    ("text", "private", "shown"),
    [
        ("Wrong key sk-abcdef", (), "Wrong key (removed)"),
        ("Bearer abc.def is expired", (), "(removed) is expired"),
        ("ask ops@example.org", (), "ask (removed)"),
        ("wrong key gw_12345", ("gw_12345",), "wrong key (removed)"),
        ("no 'I would check the lag first' here", ("Well, I would check the lag first.",), "no '(removed)' here"),
        ("nothing of\n it", ("something else entirely",), "nothing of it"),
        ("none of it fits", ("none",), "none of it fits"),
        ("", ("",), ""),
    ],
)
def test_excerpts(text: str, private: tuple[str, ...], shown: str) -> None:
    assert excerpt(text, private) == shown


def test_an_excerpt_is_short() -> None:
    assert len(excerpt("word " * 1000)) <= 161


def test_a_damaged_book_of_methods_counts_as_empty(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("data") / "methods.json"
    endpoint = open_endpoint("stub", "http://localhost:1/v1", None)
    for content in ("{", "[]", '{"http://localhost:1/v1 stub": "telepathy"}'):
        path.write_text(content, encoding="utf-8")
        assert MethodBook(path).find(endpoint) is None
    MethodBook(path).remember(endpoint, "json_mode")
    assert MethodBook(path).find(endpoint) == "json_mode"
    assert MethodBook(path).find(open_endpoint("other", "http://localhost:1/v1", None)) is None
    MethodBook(path).remember(endpoint, None)
    assert MethodBook(path).find(endpoint) is None
