"""Counts of phrasings, and phrasings that count twice."""

import shutil
from pathlib import Path

import yaml

from interviewer.rubrics.phrasings import find_phrasing_faults
from interviewer.shipped import shipped_path


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(shipped_path("rubrics"), folder / "rubrics"))


def test_the_shipped_bank_is_full() -> None:
    assert [str(one) for one in find_phrasing_faults(shipped_path("rubrics"))] == []


def test_thin_and_shared_phrasings_are_told(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "s07.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    first, second, third = data["criteria"][:3]
    second["accepted"][0] = first["accepted"][0].upper() + "!"
    second["near_misses"] = second["near_misses"][:4]
    third["accepted"] = third["accepted"][:7]
    third["partial"] = ""
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    faults = find_phrasing_faults(folder)
    assert [(one.kind, one.field) for one in faults] == [
        ("bad_value", "criteria[1].near_misses"),
        ("doubled_phrasing", "criteria[1].accepted[0]"),
        ("bad_value", "criteria[2].accepted"),
        ("empty_text", "criteria[2].partial"),
    ]
    assert all(one.file == str(path) for one in faults)
    assert f"counts for {first['bullet']} already" in faults[1].what
