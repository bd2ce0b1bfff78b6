"""Many transcripts at a time: results in order, and an end to it when going on is of no use."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from interviewer.errors import BudgetError, InterviewerError, ModelAuthError, ModelQuotaError

Item = TypeVar("Item")
Result = TypeVar("Result")

ENDING = (ModelAuthError, ModelQuotaError, BudgetError)
"""What the next transcript would meet as well, whatever it says."""


def map_in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """`work` of each item, in the order of the items, on so many threads; items are drawn as they are needed.

    With one worker it is done by the caller's thread, one after the other. When the caller leaves, or work raises, what
    has not begun is dropped.
    """
    if workers <= 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="grade")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # not waited for: who breaks off wants the terminal back
        pool.shutdown(wait=False, cancel_futures=True)


class Brake:
    """Stops a row of jobs at the first error that the others would meet too; safe to share among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pulled: InterviewerError | None = None

    def run(self, work: Callable[[], Result]) -> Result:
        """What `work` gives.

        Raises:
            InterviewerError: as `work`; where an earlier job met one of `ENDING`, that one, and nothing is done.
        """
        with self._lock:
            pulled = self._pulled
        if pulled is not None:
            raise pulled
        try:
            return work()
        except ENDING as error:
            with self._lock:
                self._pulled = self._pulled or error
            raise
