"""Asynchronous work for synchronous callers: results, errors, giving up, closing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from threading import Event

import pytest

from interviewer.models.loop import Loop

LONG_S = 30.0


@pytest.fixture
def loop() -> Iterator[Loop]:
    opened = Loop()
    yield opened
    opened.close()


class Source:
    """Numbers, then for ever nothing, or an error; `closed` is set when the generator was closed."""

    def __init__(self, error: Exception | None = None, *, hangs: bool = False) -> None:
        self.error, self.hangs = error, hangs
        self.started, self.closed = Event(), Event()

    async def __call__(self) -> AsyncIterator[int]:
        self.started.set()
        try:
            for number in range(3):
                yield number
            if self.error:
                raise self.error
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            self.closed.set()


async def double(number: int) -> int:
    return 2 * number


async def fail() -> None:
    raise KeyError("gone")


def test_results_and_errors(loop: Loop) -> None:
    assert loop.run(double(4)) == 8
    with pytest.raises(KeyError, match="gone"):
        loop.run(fail())


def test_items_come_in_order(loop: Loop) -> None:
    source = Source()
    items = loop.iterate(source)
    assert not source.started.is_set()
    assert list(items) == [0, 1, 2]
    assert source.closed.is_set()


def test_an_error_comes_after_the_items(loop: Loop) -> None:
    items = loop.iterate(Source(ValueError("broke off")))
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="broke off"):
        next(items)


def test_closing_the_iterator_closes_the_source(loop: Loop) -> None:
    source = Source(hangs=True)
    items = loop.iterate(source)
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert source.closed.wait(LONG_S)


def test_closing_the_loop_ends_what_runs(loop: Loop) -> None:
    source = Source(hangs=True)
    items = loop.iterate(source)
    assert next(items) == 0
    loop.close()
    assert source.closed.is_set()
    with pytest.raises(asyncio.CancelledError):
        list(items)


def test_a_closed_loop_starts_again(loop: Loop) -> None:
    loop.close()
    loop.close()
    assert loop.run(double(1)) == 2
    assert list(loop.iterate(Source())) == [0, 1, 2]
