"""Risky traffic is closed while a gate is red, and a person is not overruled."""

from pathlib import Path

import pytest

from interviewer.errors import StoreError
from interviewer.traffic import Traffic, follow_gate, read_traffic, write_traffic


def test_everything_is_open_at_first(tmp_path: Path) -> None:
    assert read_traffic(tmp_path) == Traffic()
    assert Traffic().notice == ""


def test_a_red_gate_closes_and_a_green_one_opens(tmp_path: Path) -> None:
    assert follow_gate(tmp_path, red=True, now=5.0).restricted
    closed = read_traffic(tmp_path)
    assert (closed.by, closed.since) == ("gate", 5.0)
    assert "Choose a drill from the list" in closed.notice
    follow_gate(tmp_path, red=False, now=6.0)
    assert not read_traffic(tmp_path).restricted


def test_what_a_person_closed_stays_closed(tmp_path: Path) -> None:
    write_traffic(tmp_path, Traffic(restricted=True, why="drill", by="person"))
    assert follow_gate(tmp_path, red=False, now=1.0).why == "drill"
    assert follow_gate(tmp_path, red=True, now=1.0).by == "person"


def test_a_state_that_cannot_be_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "traffic.json").write_text("{")
    assert read_traffic(tmp_path).restricted


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StoreError, match=r"traffic\.json"):
        write_traffic(tmp_path / "data", Traffic())
