"""How long a call waits and who can end it: deadlines on content, giving up, the breaker. Rows L3-L5, L8, L11."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from interviewer.errors import ModelError, ModelTimeoutError, ModelUnavailableError
from interviewer.models.language import Deadlines, Reply, complete
from tests.wire.client import an_ask, opened, outcome
from tests.wire.server import loopback

TEXT = "What would you look at first, and what would it tell you about the cause?"
GOES_AWAY_S = 30.0
FIRST = Deadlines(total_s=30.0, first_s=0.3, between_s=20.0)
BETWEEN = Deadlines(total_s=30.0, first_s=20.0, between_s=0.3)
TOTAL = Deadlines(total_s=0.5, first_s=20.0, between_s=20.0)


@pytest.mark.parametrize("fault", ["hang", "keepalive"])
def test_the_first_word_has_a_deadline_that_comments_do_not_move(fault: str) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        came = outcome(model, an_ask(FIRST))
        assert type(came.error) is ModelTimeoutError
        assert "No word came for 0.3 s" in came.error.what
        assert came.pieces == []
        assert len(server.requests) == 1
        assert server.left.wait(GOES_AWAY_S)


@pytest.mark.parametrize("fault", ["midhang", "drip"])
def test_the_gap_between_words_has_one(fault: str) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        came = outcome(model, an_ask(BETWEEN))
        assert type(came.error) is ModelTimeoutError
        assert "stopped for 0.3 s" in came.error.what
        assert came.text
        assert TEXT.startswith(came.text)
        assert len(server.requests) == 1
        assert server.left.wait(GOES_AWAY_S)


@pytest.mark.parametrize("fault", ["hang", "keepalive", "midhang", "drip", "trickle"])
def test_the_whole_reply_has_one(fault: str) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        came = outcome(model, an_ask(TOTAL))
        assert type(came.error) is ModelTimeoutError
        assert "not complete after 0.5 s" in came.error.what
        assert server.left.wait(GOES_AWAY_S)


@pytest.mark.parametrize("fault", ["midhang", "drip", "trickle"])
def test_closing_the_iterator_closes_the_connection(fault: str) -> None:
    with loopback(TEXT, [fault]) as server, opened(server.url) as model:
        pieces = model.respond(an_ask())
        assert isinstance(next(pieces), str)
        assert not server.left.is_set()
        pieces.close()  # type: ignore[attr-defined]
        assert server.left.wait(GOES_AWAY_S)
        server.faults = []
        assert outcome(model).text == TEXT


def test_closing_the_model_ends_what_runs_and_the_next_call_opens_it_again() -> None:
    with loopback(TEXT, ["midhang", ""]) as server, opened(server.url) as model:
        pieces = model.respond(an_ask())
        next(pieces)
        model.close()
        assert server.left.wait(GOES_AWAY_S)
        with pytest.raises(ModelUnavailableError, match="was closed"):
            list(pieces)
        assert outcome(model).text == TEXT


def test_nothing_is_asked_before_the_first_item_is_drawn() -> None:
    with loopback(TEXT) as server, opened(server.url) as model:
        pieces = model.respond(an_ask())
        model.prepare()
        assert server.requests == []
        assert isinstance(list(pieces)[-1], Reply)


def test_a_short_rate_limit_is_waited_for_and_told() -> None:
    told: list[str] = []
    with loopback(TEXT, ["429", "429", ""]) as server, opened(server.url, tell=told.append) as model:
        assert outcome(model).text == TEXT
        assert len(server.requests) == 3
        assert len(told) == 2
        assert all("trying again" in one for one in told)


def test_an_endpoint_that_is_away_is_left_alone_for_a_minute() -> None:
    clock = [0.0]
    with loopback(TEXT, ["500"]) as server, opened(server.url, now=lambda: clock[0]) as model:
        errors = [outcome(model).error for _ in range(6)]
        assert all(type(error) is ModelUnavailableError for error in errors)
        assert len(server.requests) == 5 * 3
        assert "left alone" in str(errors[-1])
        clock[0] = 61.0
        server.faults = []
        assert outcome(model).text == TEXT
        assert outcome(model).text == TEXT


def test_two_calls_that_ran_out_of_time_open_the_breaker_too() -> None:
    with loopback(TEXT, ["hang"]) as server, opened(server.url) as model:
        errors: list[ModelError | None] = [outcome(model, an_ask(FIRST)).error for _ in range(3)]
        assert [type(error) for error in errors] == [ModelTimeoutError, ModelTimeoutError, ModelUnavailableError]
        assert len(server.requests) == 2


def test_threads_share_a_model() -> None:
    def answer(request: dict[str, object]) -> str:
        return f"{TEXT} {len(str(request['messages']))}"

    with loopback(answer) as server, opened(server.url) as model, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: complete(model, an_ask()).text, range(24)))
        assert set(replies) == {answer(server.requests[0])}
        assert len(server.requests) == 24


def test_a_slow_reader_loses_nothing() -> None:
    with loopback(TEXT * 40) as server, opened(server.url) as model:
        pieces = model.respond(an_ask())
        first = next(pieces)
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(outcome, model).result()
        said = "".join(piece for piece in pieces if isinstance(piece, str))
        assert f"{first}{said}" == other.text == TEXT * 40
