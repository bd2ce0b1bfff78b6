"""Both logs, held to one contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interviewer.interview.log import EventLog, MemoryLog
from interviewer.store import open_store


@contextmanager
def open_log(kind: str, folder: Path) -> Iterator[EventLog]:
    if kind == "memory":
        yield MemoryLog()
        return
    store = open_store(folder)
    yield store
    store.close()
