import json
from hashlib import sha256
from pathlib import Path

import pytest

from interviewer.drills.read import read_drills
from interviewer.scenario import DrillDocument
from interviewer.shipped import shipped_path

EXPECTED = json.loads(Path(__file__).with_name("bullets.json").read_text(encoding="utf-8"))
SHA256 = "b3ae8b6c3ad513f19999459e6571020782c0d46d45cd47f5b987d89ee81b5d35"


@pytest.fixture(scope="module")
def document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


def test_bullets_titles_and_prompts_are_the_listed_ones(document: DrillDocument) -> None:
    fields = {"id", "scenario", "section", "index", "text"}
    assert [bullet.model_dump(include=fields) for bullet in document.bullets] == EXPECTED["bullets"]
    assert {str(one.number): one.title for one in document.scenarios} == EXPECTED["titles"]
    assert {str(one.number): one.prompt for one in document.scenarios} == EXPECTED["prompts"]


def test_counts(document: DrillDocument) -> None:
    assert len(document.scenarios) == 12
    assert len(document.bullets) == 257
    assert [len(one.follow_ups) for one in document.scenarios] == [3, 3, 3, 3, 3, 2, 2, 0, 0, 0, 0, 0]
    assert sum(len(one.key_bullets) for one in document.scenarios) == 238


def test_preamble(document: DrillDocument) -> None:
    preamble = document.preamble
    assert len(preamble.answer_steps) == 6
    assert len(preamble.opening_steps) == 4
    assert [len(group.signals) for group in preamble.signal_groups] == [5, 5, 5, 4]
    assert preamble.signal_groups[0].name == "Model-Specific Signals"
    assert [one.situation for one in preamble.mini_frameworks][2] == "If Costs Blow Up"
    assert preamble.mini_frameworks[2].say.startswith("I would investigate experiment explosion")
    assert len(preamble.seniority_signals) == 5


def test_spans_are_exact(document: DrillDocument) -> None:
    lines = document.source.splitlines()
    for bullet in document.bullets:
        assert document.source[bullet.start : bullet.end] == bullet.text
        assert bullet.text in lines[bullet.line - 1]
    for scenario in document.scenarios:
        assert document.source[scenario.start : scenario.end].startswith(f"Scenario {scenario.number}: ")
        for section in scenario.sections:
            assert scenario.start < section.start < section.end <= scenario.end
            assert document.source[section.start : section.end].startswith(section.heading)


def test_the_footer_is_nowhere(document: DrillDocument) -> None:
    assert document.source.endswith("Last updated")
    assert "Last updated" not in document.model_dump_json(exclude={"source"})


def test_the_document_is_the_one_that_its_notes_name(document: DrillDocument) -> None:
    assert document.sha256 == SHA256
    assert sha256(shipped_path("corpus/mlops_drills.txt").read_bytes()).hexdigest() == SHA256
    assert SHA256 in shipped_path("corpus/SOURCES.md").read_text(encoding="utf-8")
