"""Structured output over TCP: the way to get it, probed once, and every reply that is not the object. Rows L16-L19."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from interviewer.errors import ModelBadResponseError, ModelRefusedError, ModelTruncatedError, ModelUnavailableError
from interviewer.models.methods import METHODS, Method, MethodBook
from interviewer.models.structured import ask_object
from tests.wire.client import an_ask, endpoint_of, opened
from tests.wire.objects import FOUND, Findings, answer_objects, is_probe
from tests.wire.server import LoopbackModel, loopback, method_of


def book(server: LoopbackModel, method: Method = "json_schema", path: Path | None = None) -> MethodBook:
    """A book in which the endpoint's method stands already."""
    known = MethodBook(path)
    known.remember(endpoint_of(server.url), method)
    return known


# -- the ladder


@pytest.mark.parametrize("known", [METHODS, METHODS[1:], METHODS[2:]])
def test_the_best_method_that_works_is_found_once_and_remembered(known: tuple[Method, ...], tmp_path: Path) -> None:
    path = tmp_path / "data/methods.json"
    tried = METHODS[: METHODS.index(known[0]) + 1]
    with loopback(answer_objects, methods=known) as server:
        with opened(server.url, MethodBook(path)) as model:
            assert ask_object(model, an_ask(), Findings)[0] == FOUND
            assert ask_object(model, an_ask(), Findings)[0] == FOUND
        assert [method_of(one) for one in server.requests] == [*tried, known[0], known[0]]
        assert [is_probe(one) for one in server.requests] == [True] * len(tried) + [False, False]
        with opened(server.url, MethodBook(path)) as another:
            ask_object(another, an_ask(), Findings)
        assert len(server.requests) == len(tried) + 3


def test_a_method_that_is_refused_later_is_found_anew_at_once(tmp_path: Path) -> None:
    path = tmp_path / "methods.json"
    with loopback(answer_objects, methods=["json_mode"]) as server:
        with opened(server.url, book(server, "json_schema", path)) as model:
            assert ask_object(model, an_ask(), Findings)[0] == FOUND
        assert [method_of(one) for one in server.requests] == ["json_schema", *METHODS, "json_mode"]
        assert MethodBook(path).find(endpoint_of(server.url)) == "json_mode"


def test_a_request_that_no_method_helps_is_given_up() -> None:
    with loopback(answer_objects) as server, opened(server.url, book(server)) as model:
        server.faults = ["echo", "", "echo"]
        with pytest.raises(ModelBadResponseError) as raised:
            ask_object(model, an_ask(), Findings)
        assert raised.value.kind == "rejected"
        assert [is_probe(one) for one in server.requests] == [False, True, False]


def test_judges_at_once_find_the_method_out_once() -> None:
    with loopback(answer_objects) as server, opened(server.url) as model, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask_object(model, an_ask(), Findings)[0], range(8)))
        assert found == [FOUND] * 8
        assert [is_probe(one) for one in server.requests] == [True] + [False] * 8


def test_an_endpoint_that_can_do_none_of_them_says_so() -> None:
    with loopback("I would rather talk.") as server, opened(server.url) as model:
        with pytest.raises(ModelBadResponseError, match="no structured output") as raised:
            ask_object(model, an_ask(), Findings)
        assert raised.value.kind == "schema"
        assert [method_of(one) for one in server.requests] == list(METHODS)


def test_a_fault_while_probing_is_no_verdict_on_a_method() -> None:
    with loopback(answer_objects, ["500", "500", "500", ""]) as server, opened(server.url) as model:
        with pytest.raises(ModelUnavailableError):
            model.find_method()
        assert model.find_method() == "json_schema"


def test_json_mode_gets_the_schema_in_words() -> None:
    with loopback(answer_objects, methods=["json_mode"]) as server:
        with opened(server.url, book(server, "json_mode")) as model:
            ask_object(model, an_ask(), Findings)
        (request,) = server.requests
        assert request["response_format"] == {"type": "json_object"}
        assert '"score"' in request["messages"][-1]["content"]
        assert '"additionalProperties": false' in request["messages"][-1]["content"]


def test_the_schema_is_strict() -> None:
    with loopback(answer_objects) as server, opened(server.url, book(server)) as model:
        ask_object(model, an_ask(), Findings)
        described = server.requests[0]["response_format"]["json_schema"]
        assert (described["name"], described["strict"]) == ("Findings", True)
        assert described["schema"]["required"] == ["items", "score"]
        assert described["schema"]["additionalProperties"] is False


# -- replies


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("notjson", "not_json"),
        ("wrongtype", "schema"),
        ("missing", "schema"),
        ("dup", "duplicate_key"),
        ("twojson", "two_objects"),
        ("nan", "not_json"),
    ],
)
def test_a_reply_that_is_not_the_object_is_asked_for_once_more(method: Method, fault: str, kind: str) -> None:
    with loopback(answer_objects, [fault, ""]) as server, opened(server.url, book(server, method)) as model:
        found, usage = ask_object(model, an_ask(), Findings)
        assert found == FOUND
        assert usage.calls == 2
        first, second = ([one["content"] for one in request["messages"]] for request in server.requests)
        assert second[:2] == first[:2]
        assert "cannot be used" in " ".join(second[2:])
    with loopback(answer_objects, [fault]) as server, opened(server.url, book(server, method)) as model:
        with pytest.raises(ModelBadResponseError) as raised:
            ask_object(model, an_ask(), Findings)
        assert raised.value.kind == kind
        assert len(server.requests) == 2


@pytest.mark.parametrize("method", METHODS)
def test_a_fence_around_the_object_is_taken_off(method: Method) -> None:
    with loopback(answer_objects, ["fenced"]) as server, opened(server.url, book(server, method)) as model:
        assert ask_object(model, an_ask(), Findings)[0] == FOUND
        assert len(server.requests) == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", ["length", "lengthvalid"])
def test_a_reply_that_was_cut_is_given_twice_the_room_once(method: Method, fault: str) -> None:
    with loopback(answer_objects, [fault, ""]) as server, opened(server.url, book(server, method)) as model:
        assert ask_object(model, an_ask(max_tokens=40), Findings)[0] == FOUND
        assert [one["max_tokens"] for one in server.requests] == [40, 80]
    with loopback(answer_objects, [fault]) as server, opened(server.url, book(server, method)) as model:
        with pytest.raises(ModelTruncatedError):
            ask_object(model, an_ask(), Findings)
        assert len(server.requests) == 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", ["refusal", "filter"])
def test_a_refusal_is_a_refusal(method: Method, fault: str) -> None:
    with loopback(answer_objects, [fault]) as server, opened(server.url, book(server, method)) as model:
        with pytest.raises(ModelRefusedError):
            ask_object(model, an_ask(), Findings)
        assert len(server.requests) == 1


def test_what_is_wrong_beyond_the_schema_is_sent_back_too() -> None:
    with loopback(answer_objects) as server, opened(server.url, book(server)) as model:
        faults = iter(["quote 2 is not in the transcript.", ""])
        found, usage = ask_object(model, an_ask(), Findings, lambda _: next(faults))
        assert (found, usage.calls) == (FOUND, 2)
        assert "quote 2 is not in the transcript." in server.requests[1]["messages"][-1]["content"]
