"""Which heading means what: scenario headings, sections of a scenario, parts of the preamble."""

import re

from interviewer.scenario import SectionKind

_SCENARIO = re.compile(r"^(?:scenario|drill|incident)\s+(\d{1,4})\s*(?:[:.)\-\u2013\u2014]\s*(.*))?$", re.IGNORECASE)
_PROMPTS = {"prompt", "the prompt", "situation", "the situation", "the incident", "incident", "problem", "context"}
# The first rule of which a word stands in the heading wins.
_SECTIONS: tuple[tuple[SectionKind, tuple[str, ...]], ...] = (
    (SectionKind.FOLLOWUP, ("follow-up", "follow up", "followup", "questions interviewers")),
    (SectionKind.COVER, ("strong answer", "should cover", "good answer")),
    (SectionKind.INSPECT, ("inspect", "look at", "look first", "check first", "first things", "investigate")),
    (SectionKind.CHECKS, ("check", "command")),
    (SectionKind.METRICS, ("metric",)),
    (SectionKind.CAUSES, ("cause",)),
    (SectionKind.MITIGATE, ("mitigat",)),
    (SectionKind.PREVENT, ("prevent",)),
)
_PARTS = (
    ("answer_steps", ("how to answer",)),
    ("opening_steps", ("first 5 minutes", "first five minutes")),
    ("signals", ("what to look at in", "signals to look at", "almost every")),
    ("frameworks", ("mini-framework", "mini framework")),
    ("seniority", ("sound senior", "seniority")),
)
SECTION_NAMES = (
    "What A Strong Answer Should Cover, First Things To Inspect, Commands And Checks You Can Name, Metrics To Mention, "
    "Likely Root Causes, Strong Mitigation Ideas, Long-Term Prevention, Follow-Up Questions"
)


def read_scenario_heading(text: str) -> tuple[int, str] | None:
    """Number and title of a scenario heading (the title may be empty), else None."""
    found = _SCENARIO.match(text)
    return (int(found[1]), (found[2] or "").strip()) if found else None


def is_prompt_heading(text: str) -> bool:
    return text.strip().rstrip(":").lower() in _PROMPTS


def find_section_kind(text: str) -> SectionKind | None:
    """What a section heading inside a scenario stands for, else None."""
    lowered = text.lower()
    return next((kind for kind, words in _SECTIONS if any(word in lowered for word in words)), None)


def find_preamble_part(text: str) -> str | None:
    """Which part of the preamble a heading outside scenarios opens, else None."""
    lowered = text.lower()
    return next((part for part, words in _PARTS if any(word in lowered for word in words)), None)


def looks_like_heading(text: str) -> bool:
    """Whether a bare line could be a heading: a few words without the punctuation of a sentence."""
    return 0 < len(text.split()) <= 10 and text[-1] not in ".?!,;" and text[0].isupper()
