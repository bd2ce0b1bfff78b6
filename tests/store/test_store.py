"""The store on disk: one truth, kept through damage, locks, newer versions and threads."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from interviewer.errors import NotFoundError, StoreBusyError, StoreError, StoreNewerError
from interviewer.interview.events import CandidateSaid, Event, Paused, SelfRated, Started
from interviewer.store import FILE_NAME, MIGRATIONS, SessionStore, open_store

ID = "ab" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep/data"


@pytest.fixture
def store(folder: Path) -> Iterator[SessionStore]:
    opened = open_store(folder)
    yield opened
    opened.close()


def started(session: str = ID, at: float = 10.0) -> Started:
    return Started(
        at=at,
        session=session,
        scenario=9,
        title="Online And Offline Features Do Not Match",
        mode="real",
        level="senior",
        minutes=30,
        rubric="s09@1+shared@1",
        speaker="offline@1",
    )


def said(key: str, at: float = 20.0) -> CandidateSaid:
    return CandidateSaid(at=at, key=key, text=f"answer {key} “…” \x00 😀")


def test_what_is_appended_is_read_back(store: SessionStore, folder: Path) -> None:
    events: list[Event] = [started(), said("one"), Paused(at=30)]
    assert store.append(ID, 0, events[:1])
    assert store.append(ID, 1, events[1:])
    assert store.read(ID) == tuple(events)
    assert store.read(ID, 2) == tuple(events[2:])
    other = open_store(folder)
    assert other.read(ID) == tuple(events)
    other.close()


def test_a_taken_number_or_key_writes_nothing(store: SessionStore) -> None:
    assert store.append(ID, 0, [started()])
    assert store.append(ID, 1, [said("one")])
    assert not store.append(ID, 0, [started()])
    assert not store.append(ID, 1, [said("two")])
    assert not store.append(ID, 2, [Paused(at=1), said("one")])
    assert not store.append(ID, 5, [said("five")])
    assert len(store.read(ID)) == 2


def test_two_sessions_may_use_the_same_key(store: SessionStore) -> None:
    for session in (ID, "cd" * 16):
        assert store.append(session, 0, [started(session), said("one")])


def test_files_are_private(store: SessionStore, folder: Path) -> None:
    store.append(ID, 0, [started()])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes) == {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_safe_settings_are_on(store: SessionStore) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout", "user_version")
    assert {name: store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names} == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "user_version": len(MIGRATIONS),
    }


def test_summaries_say_where_a_session_stands(store: SessionStore) -> None:
    ids = [f"{number:032x}" for number in range(3)]
    for number, session in enumerate(ids):
        store.append(session, 0, [started(session, at=float(number)), said("one")])
    store.append(ids[1], 2, [Paused(at=50)])
    store.append(ids[2], 2, [SelfRated(at=60, ratings={})])
    store.save_scorecard(ids[2], '{"overall": 3.5}', 3.5)
    rows = store.summaries()
    assert [(row.id, row.status, row.turns, row.graded, row.overall, row.changed_at) for row in rows] == [
        (ids[2], "done", 1, True, 3.5, 60),
        (ids[1], "paused", 1, False, None, 50),
        (ids[0], "open", 1, False, None, 20),
    ]
    assert store.find_scorecard(ids[2]) == '{"overall": 3.5}'
    assert store.find_scorecard(ids[0]) is None


def test_sessions_are_found_by_how_they_begin(store: SessionStore) -> None:
    for session in ("abcd" + "0" * 28, "abce" + "0" * 28):
        store.append(session, 0, [started(session)])
    assert len(store.find_sessions("abc")) == 0
    assert len(store.find_sessions("abcd")) == 1
    assert store.find_sessions("ab%_") == ()
    assert store.find_sessions("ffff") == ()


def test_purging_leaves_no_word_behind(store: SessionStore, folder: Path) -> None:
    store.append(ID, 0, [started(), CandidateSaid(at=1, key="k", text="a very private remark")])
    store.save_scorecard(ID, '{"quote": "a very private remark"}', None)
    store.purge(ID)
    assert store.read(ID) == ()
    assert store.find_scorecard(ID) is None
    assert all(b"private remark" not in path.read_bytes() for path in folder.iterdir())
    for call in (store.purge, store.summary):
        with pytest.raises(NotFoundError):
            call(ID)
    with pytest.raises(NotFoundError):
        store.save_scorecard(ID, "{}", None)


@pytest.mark.parametrize("damage", ["header", "middle", "text"])
def test_a_damaged_file_is_kept_aside(folder: Path, damage: str) -> None:
    store = open_store(folder)
    store.append(ID, 0, [started(), *(said(str(number)) for number in range(200))])
    store.close()
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    if damage == "header":
        content[:100] = os.urandom(100)
    elif damage == "middle":
        content[4096:12288] = b"\xff" * 8192
    else:
        content = bytearray(b"not a database at all" * 300)
    path.write_bytes(content)
    again = open_store(folder)
    assert again.summaries() == ()
    assert len(again.notices) == 1
    assert f"{FILE_NAME}.corrupt-1" in again.notices[0]
    assert (folder / f"{FILE_NAME}.corrupt-1").read_bytes() == bytes(content)
    assert again.append(ID, 0, [started()])
    again.close()
    path.write_bytes(b"broken once more, long enough to be looked at as a database" * 20)
    third = open_store(folder)
    assert f"{FILE_NAME}.corrupt-2" in third.notices[0]
    third.close()


def test_a_file_of_a_newer_version_is_left_alone(folder: Path) -> None:
    open_store(folder).close()
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreNewerError, match="schema 99.*Upgrade") as caught:
        open_store(folder)
    assert caught.value.exit_code == 78
    assert list(folder.glob("*.corrupt*")) == []


def test_a_lock_held_elsewhere_is_named_and_loses_nothing(folder: Path) -> None:
    store = open_store(folder, busy_timeout_ms=30)
    store.append(ID, 0, [started()])
    holder = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusyError, match="locked by another process"):
        store.append(ID, 1, [said("one")])
    holder.execute("ROLLBACK")
    holder.close()
    assert store.append(ID, 1, [said("one")])
    store.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="INTERVIEWER_DATA_DIR"):
        open_store(tmp_path / "file/data")


def test_an_old_file_is_brought_up_to_date_with_a_copy_kept(folder: Path) -> None:
    store = open_store(folder)
    store.append(ID, 0, [started()])
    store.close()
    later = (*MIGRATIONS, "ALTER TABLE sessions ADD COLUMN note TEXT; CREATE INDEX by_kind ON events (kind);")
    newer = open_store(folder, migrations=later)
    assert len(newer.read(ID)) == 1
    newer.close()
    backup = folder / f"{FILE_NAME}.v1.bak"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(StoreNewerError):
        open_store(folder)


def test_a_step_that_fails_changes_nothing(folder: Path) -> None:
    open_store(folder).close()
    with pytest.raises(StoreError):
        open_store(folder, migrations=(*MIGRATIONS, "CREATE TABLE extra (a TEXT); CREATE TABLE extra (a TEXT);"))
    again = open_store(folder)
    assert again.notices == ()
    again.close()


def test_an_event_that_does_not_parse_is_an_error_of_ours(store: SessionStore) -> None:
    store.append(ID, 0, [started(), said("one")])
    store._connection.execute('UPDATE events SET body = \'{"kind": "sung"}\' WHERE seq = 1')
    with pytest.raises(StoreError, match=ID):
        store.read(ID)


def test_many_threads_share_one_store(store: SessionStore) -> None:
    store.append(ID, 0, [started()])
    written: list[int] = []

    def write(worker: int) -> None:
        for turn in range(10):
            while not store.append(ID, len(store.read(ID)), [said(f"{worker}-{turn}")]):
                pass
            written.append(worker)

    threads = [Thread(target=write, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [event.key for event in store.read(ID) if event.kind == "candidate_said"]
    assert len(written) == len(set(keys)) == len(keys) == 60
