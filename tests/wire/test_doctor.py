"""The doctor over TCP: a row for each thing that matters, and the exact thing to do where one is amiss."""

from typing import Any

import pytest
from pydantic import SecretStr

from interviewer.models.checks import Check, all_well, check_engine, check_key, check_telemetry, check_way
from interviewer.models.doctor import Doctor
from interviewer.models.endpoint import Endpoint, open_endpoint
from interviewer.models.methods import MethodBook
from interviewer.privacy import find_loud, silence_telemetry
from tests.wire.client import KEY, endpoint_of, opened
from tests.wire.objects import answer_objects
from tests.wire.server import LoopbackModel, loopback, method_of

ALL = ["key", "way", "models", "reply", "usage", "structured output", "window"]
WINDOW = 3_000


def answer(request: dict[str, Any]) -> str:
    return answer_objects(request) if method_of(request) else "I am here."


def examined(
    where: LoopbackModel | Endpoint, window: int = WINDOW, methods: MethodBook | None = None, chars_per_token: int = 4
) -> dict[str, Check]:
    """Rows by name. Counts as the loopback does, so that no table is loaded."""
    endpoint = endpoint_of(where.url) if isinstance(where, LoopbackModel) else where
    with opened(endpoint, methods) as model:
        doctor = Doctor(
            model,
            count_tokens=lambda text: len(text) // chars_per_token,
            now=lambda: 0.0,
            nonce="n0",
            window_tokens=window,
        )
        rows = list(doctor.examine())
    assert KEY not in str(rows)
    assert all(row.next_step for row in rows if row.mark != "ok")
    return {row.name: row for row in rows}


def test_all_is_well() -> None:
    book = MethodBook()
    with loopback(answer) as server:
        rows = examined(server, methods=book)
        assert list(rows) == ALL
        assert all_well(rows.values())
        assert "json_schema" in rows["structured output"].what
        assert book.find(endpoint_of(server.url)) == "json_schema"
        assert max(len(str(request)) for request in server.requests) > 4 * WINDOW


def test_the_window_is_not_tried_unasked() -> None:
    with loopback(answer) as server:
        assert list(examined(server, window=0)) == ALL[:-1]
        assert max(len(str(request)) for request in server.requests) < 2_000


@pytest.mark.parametrize("window", [2_048, 2_800, 400])
def test_a_window_that_cuts_silently_is_found(window: int) -> None:
    with loopback(answer) as server:
        server.window = window
        row = examined(server)["window"]
    assert row.mark == "fail"
    assert f"silently at about {window:,} tokens" in row.what
    for remedy in ("OLLAMA_CONTEXT_LENGTH=8192", "num_ctx 8192", "--max-model-len 8192", "-c 8192"):
        assert remedy in row.next_step


@pytest.mark.parametrize("chars_per_token", [3, 8])
def test_a_tokenizer_that_counts_otherwise_is_no_window(chars_per_token: int) -> None:
    """The endpoint counts a token for four characters."""
    with loopback(answer) as server:
        assert examined(server, chars_per_token=chars_per_token)["window"].mark == "ok"
        server.window = WINDOW * chars_per_token // 8
        assert examined(server, chars_per_token=chars_per_token)["window"].mark == "fail"


def test_a_window_that_refuses_is_told_apart() -> None:
    with loopback(answer) as server:
        server.limit = 2_048
        row = examined(server)["window"]
    assert row.mark == "fail"
    assert "refused" in row.what
    assert "OLLAMA_CONTEXT_LENGTH" in row.next_step


def test_no_room_for_the_reply() -> None:
    with loopback(answer, ["", "", "length"]) as server:
        row = examined(server)["window"]
    assert row.mark == "warn"
    assert "no room left" in row.what


def test_an_endpoint_that_does_not_count() -> None:
    with loopback(answer) as server:
        server.counts = False
        rows = examined(server)
    assert rows["usage"].mark == rows["window"].mark == "warn"


def test_a_model_that_is_not_offered_is_answered_with_the_nearest_names() -> None:
    with loopback(answer, models=["qwen3:8b", "llama3.1:8b", "llama3.2:3b"]) as server:
        row = examined(endpoint_of(server.url, model="llama3.1"))["models"]
    assert row.mark == "warn"
    assert "openai:llama3.1:8b" in row.next_step


def test_an_endpoint_without_any_model() -> None:
    with loopback(answer, models=[]) as server:
        assert "one of the 0" in examined(server)["models"].what


@pytest.mark.parametrize(
    ("fault", "row", "told"),
    [
        ("401", "models", "will not have this key"),
        ("404", "reply", "no model stub"),
        ("500", "reply", "HTTP 500"),
        ("429quota", "reply", "quota is used up"),
        ("refusal", "reply", "said nothing"),
        ("redirect", "reply", "redirects"),
    ],
)
def test_a_fault_ends_the_examination_with_its_reason(fault: str, row: str, told: str) -> None:
    with loopback(answer, [fault]) as server:
        rows = examined(server)
    assert list(rows)[-1] == row
    assert rows[row].mark == "fail"
    assert told in rows[row].what
    assert "doctor" not in rows[row].next_step


def test_a_model_that_thinks_past_its_limit() -> None:
    with loopback(answer, ["length", ""]) as server:
        rows = examined(server)
    assert rows["reply"].mark == "warn"
    assert list(rows) == ALL


def test_without_the_key_that_it_needs_nobody_is_asked() -> None:
    """OpenAI's own address, which no test may reach."""
    assert list(examined(open_endpoint("gpt-4.1-mini", None, None))) == ["key"]


def test_nobody_is_there() -> None:
    with loopback(answer) as server:
        endpoint = endpoint_of(server.url)
    rows = examined(endpoint)
    assert list(rows) == ALL[:3]
    assert "cannot be reached" in rows["models"].what
    assert endpoint.base_url in rows["models"].next_step


def test_a_base_url_that_misses_its_end() -> None:
    with loopback(answer) as server:
        rows = examined(endpoint_of(f"{server.url}/v2"))
        assert rows["models"].mark == "ok"
    with loopback(answer) as server:
        server.lists = False
        rows = examined(server)
    assert rows["models"].mark == "warn"
    assert "/v1" in rows["models"].next_step


def test_a_model_that_can_only_talk() -> None:
    with loopback("I would rather talk.") as server:
        row = examined(server)["structured output"]
    assert row.mark == "fail"
    assert "Choose another model" in row.next_step


# -- without an endpoint


@pytest.mark.parametrize(
    ("engine", "uses", "key", "url", "told"),
    [
        ("auto", False, False, None, "neither a key nor a base URL"),
        ("auto", True, True, None, "since a key is set"),
        ("auto", True, True, "http://x/v1", "since a key and a base URL is set"),
        ("llm", True, False, None, "INTERVIEWER_ENGINE says so"),
        ("offline", False, True, None, "INTERVIEWER_ENGINE says so"),
    ],
)
def test_the_engine_and_why(engine: str, uses: bool, key: bool, url: str | None, told: str) -> None:
    row = check_engine(engine, uses_model=uses, has_key=key, base_url=url)
    assert row.what.startswith("llm" if uses else "offline")
    assert told in row.what
    assert bool(row.next_step) == (engine == "offline")


def test_the_key() -> None:
    assert check_key(open_endpoint("stub", None, None)).mark == "fail"
    assert check_key(open_endpoint("stub", "http://localhost:1/v1", None)).mark == "ok"
    row = check_key(open_endpoint("stub", None, SecretStr(KEY)))
    assert row.mark == "ok"
    assert KEY not in str(row)


def test_the_way() -> None:
    assert "directly" in check_way(endpoint_of("http://localhost:1/v1")).what
    row = check_way(endpoint_of("http://localhost:1/v1", proxy="http://me:word@proxy.example:3128"))
    assert "proxy.example:3128" in row.what
    assert "word" not in str(row)


def test_telemetry() -> None:
    environment = {"LANGSMITH_TRACING": "true", "LANGSMITH_GATEWAY": "elsewhere"}
    loud = find_loud(environment)
    assert {"LANGSMITH_TRACING", "LANGSMITH_GATEWAY", "ANONYMIZED_TELEMETRY"} <= set(loud)
    assert check_telemetry(loud).mark == "warn"
    silence_telemetry(environment)
    assert check_telemetry(find_loud(environment)).mark == "ok"
