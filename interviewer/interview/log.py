"""Where the events of interviews are kept: a protocol, and a log in memory that ships as its double."""

from collections.abc import Sequence
from threading import Lock
from typing import Protocol

from interviewer.interview.events import Event


class EventLog(Protocol):
    """Append-only, per session. A log knows nothing about what events mean."""

    def read(self, session: str, after: int = 0) -> tuple[Event, ...]:
        """Events of a session from number `after` on (0-based); empty for a session that does not exist."""
        ...

    def append(self, session: str, after: int, events: Sequence[Event]) -> bool:
        """Add all events as numbers `after`, `after + 1`, ... in one transaction that is on disk when this returns.

        False, and nothing is written, when somebody else has written number `after` or the key of one of them.
        """
        ...


class MemoryLog:
    """A log that lives as long as the process."""

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}
        self._lock = Lock()

    def read(self, session: str, after: int = 0) -> tuple[Event, ...]:
        with self._lock:
            return tuple(self._events.get(session, ())[after:])

    def append(self, session: str, after: int, events: Sequence[Event]) -> bool:
        with self._lock:
            kept = self._events.setdefault(session, [])
            keys = {key for event in kept if (key := key_of(event))}
            if len(kept) != after or any(key_of(event) in keys for event in events):
                return False
            kept.extend(events)
            return True


def key_of(event: Event) -> str | None:
    """The idempotency key of an event; None for those without."""
    return event.key if event.kind in ("candidate_said", "hint_asked", "retry_asked") else None
