"""A small drill document and a good rubric folder for it, to plant faults in."""

import json
from pathlib import Path
from typing import Any

from interviewer.rubrics.fault import Fault
from interviewer.rubrics.lint import lint_rubrics
from interviewer.scenario import Bullet, DrillDocument, Preamble, Scenario, Section, SectionKind

COMPETENCIES = ("framing", "investigation", "diagnosis", "mitigation", "prevention", "structure", "seniority")

_TEXTS = {
    1: {
        SectionKind.COVER: ["Treat the outage as a capacity matter of the warehouse."],
        SectionKind.INSPECT: ["queue depth per shard", "rollback history"],
        SectionKind.FOLLOWUP: ["What would you tell the customers?"],
    },
    2: {SectionKind.MITIGATE: ["Freeze nightly promotion."]},
}


def small_document() -> DrillDocument:
    """Two scenarios with 3 and 1 answer bullets, one follow-up, one piece of advice of each kind."""
    return DrillDocument(
        title="Small drills",
        path="small.txt",
        sha256="0" * 64,
        source="",
        preamble=Preamble(
            answer_steps=("Pin the artifacts down.",),
            opening_steps=("I would ask which region hurts.",),
            seniority_signals=("You weigh latency against spend.",),
        ),
        scenarios=tuple(_scenario(number) for number in _TEXTS),
    )


def _scenario(number: int) -> Scenario:
    sections = tuple(_section(number, kind, texts) for kind, texts in _TEXTS[number].items())
    title = f"Parcels {number}"
    return Scenario(number=number, title=title, prompt="The depot is late.", sections=sections, line=1, start=0, end=1)


def _section(number: int, kind: SectionKind, texts: list[str]) -> Section:
    bullets = tuple(
        Bullet(
            id=f"s{number:02}.{kind.value}.{index}",
            scenario=number,
            kind=kind,
            section=kind.value,
            index=index,
            text=text,
            line=1,
            start=0,
            end=1,
        )
        for index, text in enumerate(texts, start=1)
    )
    return Section(kind=kind, heading=kind.value, bullets=bullets, line=1, start=0, end=1)


def criterion(bullet: str, probe: str, competency: str = "framing", **more: Any) -> dict[str, Any]:
    statement = f"Says something of substance that was asked for at {bullet.replace('.', ' ')}."
    return {"bullet": bullet, "statement": statement, "competency": competency, "probe": probe, **more}


def good_rubrics() -> dict[str, dict[str, Any]]:
    """File name -> data, without a fault."""
    first = [
        criterion("s01.cover.1", "Where does it hurt?", accepted=["too full", "no room left"], near_misses=["slow"]),
        criterion("s01.inspect.1", "Which numbers matter first?", "investigation"),
        criterion("s01.inspect.2", "Who knows more than you?", "investigation", weight=2),
    ]
    second = [criterion("s02.mitigate.1", "How do you calm things?", "mitigation")]
    shared = [
        criterion("shared.step.1", "Whom do you call?", "structure"),
        criterion("shared.opening.1", "What do you want written?", "structure"),
        criterion("shared.senior.1", "Which way do you lean?", "seniority"),
    ]
    return {
        "s01.yaml": {"schema_version": 1, "rubric_version": 1, "scenario": 1, "criteria": first},
        "s02.yaml": {"schema_version": 1, "rubric_version": 3, "scenario": 2, "criteria": second},
        "shared.yaml": {"schema_version": 1, "rubric_version": 2, **_scales(), "criteria": shared},
    }


def _scales() -> dict[str, Any]:
    anchors = {f"level_{level}": f"Behaves like level {level}." for level in range(1, 6)}
    return {
        "competencies": [
            {"id": name, "title": name.title(), "description": name, "weight": 1.0, "anchors": dict(anchors)}
            for name in COMPETENCIES
        ],
        "credits": {"met": 1.0, "partial": 0.5},
        "thresholds": {"level_2": 0.1, "level_3": 0.3, "level_4": 0.4, "level_5": 0.6},
        "hint_caps": {"pump": 1.0, "narrow": 0.7, "partial": 0.5, "reveal": 0.0},
        "expectations": {
            grade: dict.fromkeys(COMPETENCIES, level) for grade, level in {"mid": 2, "senior": 3, "staff": 4}.items()
        },
    }


def write_rubrics(folder: Path, rubrics: dict[str, dict[str, Any]]) -> Path:
    """The rubrics as files; JSON is YAML."""
    for name, data in rubrics.items():
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return folder


def lint(folder: Path, rubrics: dict[str, dict[str, Any]]) -> tuple[Fault, ...]:
    return lint_rubrics(write_rubrics(folder, rubrics), small_document())
