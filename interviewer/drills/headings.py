"""Which heading means what: scenario headings, sections of a scenario, parts of the preamble."""

import re

from interviewer.scenario import SectionKind

_SCENARIO = re.compile(
    r"^\W*(?:scenario|drill|incident)\s{0,5}#?\s{0,5}([0-9]{1,9})\s{0,5}(?:[:.)|\-\u2013\u2014]+\s*(.*))?$",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:the )?(?:interview(?:er)? )?(?:prompt|situation|incident|context|background|set-?up|description|problem"
    r"|problem statement|symptoms?|scenario)",
    re.IGNORECASE,
)
# The first rule that holds wins: words that say what a section is for, then words that only hint at it.
_SECTIONS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (SectionKind.FOLLOWUP, r"\bfollow[- ]?ups?\b|\bquestions\b"),
        (SectionKind.COVER, r"\bcover|\b(?:strong|good|great|ideal|model) answers?\b"),
        (SectionKind.MITIGATE, r"\bmitigat"),
        (SectionKind.PREVENT, r"\bprevent"),
        (SectionKind.CAUSES, r"\bcauses?\b"),
        (SectionKind.METRICS, r"\bmetrics?\b"),
        (SectionKind.INSPECT, r"\binspect|\bfirst\b.*\bchecks?\b|\bchecks? first\b"),
        (SectionKind.CHECKS, r"\bcommands?\b|\bcheck"),
        (SectionKind.INSPECT, r"\blook\b|\binvestigat|\btriage\b|\bfirst\b|\bdiagnos"),
        (SectionKind.METRICS, r"\bsignals?\b|\bmeasure|\bmonitor|\bdashboards?\b"),
        (SectionKind.MITIGATE, r"\bremediat|\bfix|\broll ?back|\bcontain|\brecover|\bresol|\bimmediate"),
        (SectionKind.PREVENT, r"\blong[- ]term\b|\bguard ?rails?\b|\bavoid|\bharden"),
        (SectionKind.CAUSES, r"\bhypothes|\bsuspects?\b|\breasons?\b"),
        (SectionKind.CHECKS, r"\btools?\b|\bquer(?:y|ies)\b|\bverif"),
        (SectionKind.COVER, r"\bkey points\b|\bexpect"),
    )
)
_PARTS = tuple(
    (part, re.compile(pattern, re.IGNORECASE))
    for part, pattern in (
        ("answer_steps", r"\bhow to (?:answer|approach)\b|\banswer(?:ing)? (?:steps|frame|structure)"),
        ("opening_steps", r"\bfirst\b.*\bminutes?\b|\bopening\b"),
        ("frameworks", r"\bmini-? ?frameworks?\b"),
        ("seniority", r"\bsenior"),
        ("signals", r"\balmost every\b|\bto look at (?:in|across)\b|\b(?:common|general) signals\b"),
    )
)
_LAST_UPDATED = re.compile(r"^\W*last (?:updated|modified)\b(?!.*\.\s*\S)", re.IGNORECASE)
SECTION_NAMES = (
    "What A Strong Answer Should Cover, First Things To Inspect, Commands And Checks You Can Name, Metrics To Mention, "
    "Likely Root Causes, Strong Mitigation Ideas, Long-Term Prevention, Follow-Up Questions"
)


def read_scenario_heading(text: str) -> tuple[int, str] | None:
    """Number and title of a scenario heading (the title may be empty), else None."""
    found = _SCENARIO.match(text)
    return (int(found[1]), (found[2] or "").strip()) if found else None


def is_prompt_heading(text: str) -> bool:
    return _PROMPT.fullmatch(text.strip().rstrip(":").strip()) is not None


def find_section_kind(text: str) -> SectionKind | None:
    """What a section heading inside a scenario stands for, else None."""
    return next((kind for kind, pattern in _SECTIONS if pattern.search(text)), None)


def find_preamble_part(text: str) -> str | None:
    """Which part of the preamble a heading outside scenarios opens, else None."""
    return next((part for part, pattern in _PARTS if pattern.search(text)), None)


def is_footer(text: str) -> bool:
    """Whether a line only says when the document was changed."""
    return len(text) <= 80 and _LAST_UPDATED.match(text) is not None


def looks_like_heading(text: str) -> bool:
    """Whether a bare line could be a heading: a few words without the punctuation of a sentence."""
    return 0 < len(text.split()) <= 12 and len(text) <= 90 and text[-1] not in ".?!,;" and not text[0].islower()


def is_title_case(text: str) -> bool:
    """Whether most of the longer words begin with a capital, as in a heading that stands on a bare line."""
    words: list[str] = re.findall(r"[^\W\d_]{4,}", text)
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words)
