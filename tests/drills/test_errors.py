from pathlib import Path

import pytest

from interviewer.drills.parse import parse_drills
from interviewer.drills.read import MAX_BYTES, read_drills
from interviewer.errors import DrillError

GOOD = "## Scenario 1: A\nIt broke.\n### Root Causes\n- x\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no scenario"),
        ("# Notes\n\n- just a list\n", 1, "Scenario 1: Title"),
        ("## Scenario 1: A\n### Root Causes\n- x\n", 1, "no prompt"),
        ("Scenario 4: A\n\nPrompt\n\nLikely Root Causes\n\n• x\n", 1, "Scenario 4 has no prompt"),
        (GOOD + "\n## Scenario 2:\nIt broke.\n", 6, "no title"),
        (GOOD + "\n## Scenario 2: B\nIt broke.\n", 6, "no bullets"),
        (GOOD + GOOD, 5, "stands twice (first in line 1)"),
        (GOOD.replace("Scenario 1", "Scenario 0"), 1, "from 1 to 999"),
        (GOOD.replace("Scenario 1", "Scenario 123456789"), 1, "from 1 to 999"),
        (GOOD + "### Zebra Facts\n- y\n", 5, "'Zebra Facts'"),
        ("Scenario 1: A\n\nIt broke.\n\nZebra Facts\n\n• y\n", 5, "Long-Term Prevention"),
        (GOOD + "-\n\n- y\n", 5, "empty"),
        (GOOD + "word " * 5_000, 5, "longer than"),
    ],
)
def test_errors_name_file_line_and_what_was_expected(text: str, line: int, words: str) -> None:
    with pytest.raises(DrillError) as caught:
        parse_drills(text, "drills.md")
    message = str(caught.value)
    assert message.startswith(f"drills.md:{line}: ")
    assert words in message
    assert "Expected " in message
    assert caught.value.exit_code == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DrillError, match=r"absent\.md: It cannot be read \(No such file"):
        read_drills(tmp_path / "absent.md")
    with pytest.raises(DrillError, match="Is a directory"):
        read_drills(tmp_path)


def test_bytes_that_are_not_text_are_refused_with_a_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(GOOD.encode() + "- caf\xe9\n".encode("latin-1"))
    with pytest.raises(DrillError, match=r"latin\.md:5: It is not UTF-8"):
        read_drills(path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "bom.md"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert read_drills(path).scenarios[0].start == 0


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(GOOD.encode() + b"\n" * MAX_BYTES)
    with pytest.raises(DrillError, match="larger than"):
        read_drills(path)


UNITS = ["<!--", "`", "**a", "[x](", "_a ", "> ", "- ", "\\", "```\n", "# ", "Scenario ", "a\n"]


@pytest.mark.parametrize("unit", UNITS)
def test_large_nonsense_is_refused_quickly(unit: str) -> None:
    with pytest.raises(DrillError):
        parse_drills("## Scenario 1: " + unit * (400_000 // len(unit)))
