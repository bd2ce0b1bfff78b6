"""Asynchronous work for synchronous callers: an event loop in a thread, and iterators that can be given up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_END = object()


class Loop:
    """Started at the first use. Work that nobody waits for any more is cancelled, which closes its connection."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of a coroutine; who is interrupted while waiting cancels it."""
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result()
        finally:
            future.cancel()

    def iterate(self, source: Callable[[], AsyncIterator[Item]]) -> Iterator[Item]:
        """The items of an asynchronous generator as they come; closing the iterator closes the generator."""
        queue: SimpleQueue[Any] = SimpleQueue()
        future = asyncio.run_coroutine_threadsafe(_pump(source, queue), self._started())
        try:
            while (item := queue.get()) is not _END:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            future.cancel()

    def close(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Cancel what runs, then do the `last` thing, then stop the thread; the next use starts another."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop and thread:
            asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result()
            if last:
                asyncio.run_coroutine_threadsafe(last(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._loop.run_forever, name="models", daemon=True)
                self._thread.start()
            return self._loop


async def _pump(source: Callable[[], Any], queue: "SimpleQueue[Any]") -> None:
    try:
        async with aclosing(source()) as items:
            async for item in items:
                queue.put(item)
        queue.put(_END)
    except BaseException as error:
        queue.put(error)
        if not isinstance(error, Exception):
            raise


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
