"""Whatever is written in either form comes back the same; whatever else is thrown at it, only our error comes out."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.drills.parse import parse_drills
from interviewer.errors import DrillError
from interviewer.scenario import DrillDocument

HEADINGS = (
    "What A Strong Answer Should Cover",
    "First Things To Inspect",
    "Commands And Checks You Can Name",
    "Metrics To Mention",
    "Likely Root Causes",
    "Strong Mitigation Ideas",
    "Long-Term Prevention",
    "Follow-Up Questions Interviewers Often Ask",
)
WORD = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäé0123456789"), min_size=2, max_size=9)
SENTENCE = st.lists(WORD, min_size=1, max_size=8).map(lambda words: "x" + " ".join(words) + ".")
SECTIONS = st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=8, unique=True)


class Drill(NamedTuple):
    number: int
    title: str
    prompt: str
    sections: dict[str, list[str]]


@st.composite
def drills(draw: st.DrawFn) -> list[Drill]:
    numbers = draw(st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True))
    return [
        Drill(
            number,
            draw(SENTENCE),
            draw(SENTENCE),
            {heading: draw(st.lists(SENTENCE, min_size=1, max_size=4)) for heading in draw(SECTIONS)},
        )
        for number in numbers
    ]


def as_plain(content: list[Drill], gap: str) -> str:
    lines = ["Some Drills"]
    for drill in content:
        lines += [f"Scenario {drill.number}: {drill.title}", "Prompt", drill.prompt]
        for heading, items in drill.sections.items():
            lines += [heading, *(f"  • {item}" for item in items)]
    return gap.join([*lines, "Last updated"])


def as_markdown(content: list[Drill], gap: str, mark: str) -> str:
    lines = ["# Some Drills", ""]
    for drill in content:
        lines += [f"## Scenario {drill.number}: {drill.title}", drill.prompt]
        for heading, items in drill.sections.items():
            lines += [f"### {heading}", *(f"{mark} `{item}`" for item in items)]
    return gap.join([*lines, "", "_Last updated: today_"])


def content_of(document: DrillDocument) -> list[Drill]:
    return [
        Drill(
            scenario.number,
            scenario.title,
            scenario.prompt,
            {section.heading: [bullet.text for bullet in section.bullets] for section in scenario.sections},
        )
        for scenario in document.scenarios
    ]


@given(drills(), st.sampled_from(["\n", "\n\n", "\r\n", "\r"]), st.sampled_from(["-", "*", "+", "1.", "2)", "•"]))
@settings(max_examples=80, deadline=None)
def test_both_forms_say_the_same(content: list[Drill], gap: str, mark: str) -> None:
    plain = parse_drills(as_plain(content, gap))
    marked = parse_drills(as_markdown(content, gap, mark))
    assert content_of(plain) == content_of(marked) == content
    assert [bullet.id for bullet in plain.bullets] == [bullet.id for bullet in marked.bullets]
    assert len({bullet.id for bullet in plain.bullets}) == len(plain.bullets)
    for document in (plain, marked):
        assert document.title == "Some Drills"
        for bullet in document.bullets:
            assert document.source[bullet.start : bullet.end].strip("`") == bullet.text


MARKS = ["**", "__", "`", "```", "~~~", "<!--", "-->", "---", "===", "\ue0000\ue001", "\\", "[", "](x)", "&lt;", "&#0;"]
STARTS = ["# ", "## ", "### ", "- ", "• ", "1. ", "> ", "    ", "\t", "\n", "\n\n", "\r\n"]
WORDS = ["Scenario 1: A", "Scenario 2", "Prompt", "Root Causes", "First 5 Minutes", "Mini-Frameworks", "Say:", "word"]
PIECES = st.sampled_from([*MARKS, *STARTS, *WORDS, "Last updated", "\ud800", "\x00"])


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_parses_or_is_refused(text: str) -> None:
    for candidate in (text, f"## Scenario 5: T\nPrompt text.\n### Root Causes\n- a\n{text}", f"Scenario 5: T\n{text}"):
        try:
            document = parse_drills(candidate)
        except DrillError as error:
            assert error.line >= 1
            continue
        for bullet in document.bullets:
            assert 0 <= bullet.start <= bullet.end <= len(candidate)
            assert bullet.text.strip()
