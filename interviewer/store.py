"""Sessions on disk: one SQLite file with an append-only log of events and the scorecards made from it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from pydantic import ValidationError

from interviewer.errors import NotFoundError, StoreBusyError, StoreError, StoreNewerError
from interviewer.interview.events import EVENT, Event
from interviewer.interview.log import key_of
from interviewer.noun import Noun
from interviewer.rubric import Grade

FILE_NAME = "sessions.sqlite3"
BUSY_TIMEOUT_MS = 5000

# Step N brings a file of version N to N + 1. A released step is never edited.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        started_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE events (
        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL CHECK (seq >= 0),
        key TEXT,
        kind TEXT NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (session, seq),
        UNIQUE (session, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE scorecards (
        session TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        overall REAL,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)

_SUMMARIES = """
    SELECT s.id, s.started_at,
        (SELECT body FROM events e WHERE e.session = s.id AND e.seq = 0),
        (SELECT count(*) FROM events e WHERE e.session = s.id AND e.kind = 'candidate_said'),
        (SELECT count(*) FROM events e WHERE e.session = s.id AND e.kind = 'self_rated'),
        (SELECT kind FROM events e WHERE e.session = s.id AND e.kind <> 'scored' ORDER BY seq DESC LIMIT 1),
        (SELECT max(at) FROM events e WHERE e.session = s.id),
        c.session IS NOT NULL, c.overall
    FROM sessions s LEFT JOIN scorecards c ON c.session = s.id
"""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_ADVICE = {
    sqlite3.SQLITE_FULL: "The disk is full: copy your answer, free some space and send it again.",
    sqlite3.SQLITE_READONLY: "The folder is read-only: set INTERVIEWER_DATA_DIR to one that can be written.",
    sqlite3.SQLITE_CANTOPEN: "Set INTERVIEWER_DATA_DIR to a folder that can be written.",
    sqlite3.SQLITE_IOERR: "Check the disk.",
}


class SessionSummary(Noun):
    """A line of the history. `overall` in [1, 5] once graded, if there is one; times in seconds since the epoch."""

    id: str
    started_at: float
    changed_at: float
    scenario: int
    title: str
    mode: Literal["real", "coach"]
    level: Grade
    minutes: int
    status: Literal["open", "paused", "done"]
    turns: int
    graded: bool
    overall: float | None


class SessionStore:
    """The store of one data folder, safe to share among threads; an `EventLog`.

    Every append is one `BEGIN IMMEDIATE` transaction, on disk when the call returns (WAL, synchronous=FULL). A damaged
    file is moved aside at opening and `notices` says so. Use `open_store`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, notices: tuple[str, ...] = ()) -> None:
        self.path = path
        self.notices = notices
        self._connection = connection
        self._lock = RLock()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def read(self, session: str, after: int = 0) -> tuple[Event, ...]:
        query = "SELECT body FROM events WHERE session = ? AND seq >= ? ORDER BY seq"
        rows = self._rows(query, (session, after))
        return tuple(_parse_event(body, self.path, session) for (body,) in rows)

    def append(self, session: str, after: int, events: Sequence[Event]) -> bool:
        rows = [
            (session, after + place, key_of(event), event.kind, event.at, event.model_dump_json())
            for place, event in enumerate(events)
        ]
        if not rows:
            return True
        with self._transaction() as connection:
            (count,) = connection.execute("SELECT count(*) FROM events WHERE session = ?", (session,)).fetchone()
            keys = [key for _, _, key, *_ in rows if key is not None]
            if count != after or any(self._has_key(session, key) for key in keys):
                return False
            if after == 0:
                connection.execute("INSERT INTO sessions VALUES (?, ?)", (session, events[0].at))
            connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        return True

    def summaries(self) -> tuple[SessionSummary, ...]:
        """All sessions, the latest begun first."""
        rows = self._rows(f"{_SUMMARIES} ORDER BY s.started_at DESC, s.id", ())
        return tuple(_parse_summary(row, self.path) for row in rows)

    def summary(self, session: str) -> SessionSummary:
        """One session.

        Raises:
            NotFoundError: there is none.
        """
        rows = self._rows(f"{_SUMMARIES} WHERE s.id = ?", (session,))
        if not rows:
            raise _unknown(session)
        return _parse_summary(rows[0], self.path)

    def find_sessions(self, beginning: str) -> tuple[str, ...]:
        """Ids that begin with these letters, sorted; at least four are needed."""
        if len(beginning) < 4 or not beginning.isalnum():
            return ()
        rows = self._rows("SELECT id FROM sessions WHERE substr(id, 1, ?) = ? ORDER BY id", (len(beginning), beginning))
        return tuple(session for (session,) in rows)

    def save_scorecard(self, session: str, body: str, overall: float | None) -> None:
        """Keep the scorecard (JSON) of a session, in place of an earlier one.

        Raises:
            NotFoundError: there is no such session.
        """
        self.summary(session)
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO scorecards VALUES (?, ?, ?)", (session, overall, body))

    def find_scorecard(self, session: str) -> str | None:
        """The scorecard as JSON; None when it was not graded yet."""
        rows = self._rows("SELECT body FROM scorecards WHERE session = ?", (session,))
        return str(rows[0][0]) if rows else None

    def purge(self, session: str) -> None:
        """Delete a session with all that belongs to it; its bytes are overwritten.

        Raises:
            NotFoundError: there is no such session.
        """
        self.summary(session)
        with self._transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE id = ?", (session,))
        with self._translated():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _has_key(self, session: str, key: str) -> bool:
        query = "SELECT 1 FROM events WHERE session = ? AND key = ?"
        return self._connection.execute(query, (session, key)).fetchone() is not None

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._translated():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise _translate(error, self.path) from error


def open_store(
    folder: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, migrations: Sequence[str] = MIGRATIONS
) -> SessionStore:
    """The store in a folder, made, brought up to date or, when damaged, begun anew beside the damaged file.

    Raises:
        StoreNewerError: a newer version of the program has written it.
        StoreBusyError: it stayed locked for longer than the time-out.
        StoreError: the folder or file cannot be used.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        advice = "Set INTERVIEWER_DATA_DIR to a folder that can be written."
        raise StoreError(f"cannot be written ({error.strerror}).", where=str(path), next_step=advice) from error
    try:
        return SessionStore(path, _connect(path, busy_timeout_ms, migrations))
    except sqlite3.Error as error:
        if not _is_damage(error):
            raise _translate(error, path) from error
    aside = _move_aside(path)
    notice = (
        f"{path} was damaged. It is kept as {aside.name}, and a new one was begun; "
        f"`sqlite3 {aside.name} .recover` may save sessions."
    )
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        return SessionStore(path, _connect(path, busy_timeout_ms, migrations), (notice,))
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _connect(path: Path, busy_timeout_ms: int, migrations: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=busy_timeout_ms / 1000, isolation_level=None, check_same_thread=False, cached_statements=32
    )
    return _closed_on_failure(connection, lambda: _prepare(connection, path, busy_timeout_ms, migrations))


def _closed_on_failure(connection: sqlite3.Connection, prepare: Callable[[], None]) -> sqlite3.Connection:
    try:
        prepare()
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, busy_timeout_ms: int, migrations: Sequence[str]) -> None:
    for pragma in (f"busy_timeout={int(busy_timeout_ms)}", "trusted_schema=OFF", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(migrations):
        raise StoreNewerError(
            f"was written by a newer version of the program (schema {version}, this one knows {len(migrations)}).",
            where=str(path),
            next_step="Upgrade the program, or set INTERVIEWER_DATA_DIR to another folder.",
        )
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        damage = sqlite3.DatabaseError(found)
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    _migrate(connection, path, migrations)


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Bring the schema up to date in one transaction; a file that holds something is copied first."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == len(migrations):
        return
    if version:
        _back_up(connection, path.with_name(f"{path.name}.v{version}.bak"))
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for step in migrations[version:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={len(migrations)}")
    connection.execute("COMMIT")


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()


def _move_aside(path: Path) -> Path:
    """Rename a damaged file and its journals to the first free `.corrupt-N`."""
    number = next(n for n in range(1, 10_000) if not path.with_name(f"{path.name}.corrupt-{n}").exists())
    aside = path.with_name(f"{path.name}.corrupt-{number}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.rename(aside.with_name(f"{aside.name}{suffix}"))
    return aside


def _code(error: sqlite3.Error) -> int:
    """Primary result code; 0 where the driver gives none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _is_damage(error: sqlite3.Error) -> bool:
    return _code(error) in _DAMAGED


def _translate(error: sqlite3.Error, path: Path) -> StoreError:
    if _code(error) in _BUSY:
        advice = "Close the other window or program that uses it, and try again."
        return StoreBusyError("is locked by another process.", where=str(path), next_step=advice)
    return StoreError(f"cannot be used ({error}).", where=str(path), next_step=_ADVICE.get(_code(error), ""))


def _parse_event(body: str, path: Path, session: str) -> Event:
    try:
        return EVENT.validate_json(body)
    except ValidationError as error:
        raise StoreError(
            f"An event of session {session} cannot be read ({error.error_count()} faults).", where=str(path)
        ) from None


def _parse_summary(row: tuple[Any, ...], path: Path) -> SessionSummary:
    session, started_at, first, turns, rated, last, changed_at, graded, overall = row
    started = _parse_event(first, path, session)
    if started.kind != "started":
        raise StoreError(f"The log of session {session} does not begin with its start.", where=str(path))
    return SessionSummary(
        id=session,
        started_at=started_at,
        changed_at=changed_at,
        scenario=started.scenario,
        title=started.title,
        mode=started.mode,
        level=started.level,
        minutes=started.minutes,
        status="done" if rated else "paused" if last == "paused" else "open",
        turns=turns,
        graded=bool(graded),
        overall=overall,
    )


def _unknown(session: str) -> NotFoundError:
    return NotFoundError(f"There is no session {session}.", next_step="`interviewer history` lists them.")
