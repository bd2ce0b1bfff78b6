"""A drill document, as plain text or as Markdown, turned into scenarios."""

from dataclasses import dataclass, field
from hashlib import sha256

from interviewer.drills.blocks import Block, read_blocks
from interviewer.drills.headings import (
    SECTION_NAMES,
    find_preamble_part,
    find_section_kind,
    is_prompt_heading,
    looks_like_heading,
    read_scenario_heading,
)
from interviewer.drills.preamble import PreambleDraft
from interviewer.errors import DrillError
from interviewer.scenario import Bullet, DrillDocument, Scenario, Section, SectionKind


def parse_drills(text: str, path: str = "<text>") -> DrillDocument:
    """The scenarios and the preamble of a drill document.

    Two forms are read: plain text with bare heading lines and bullets, and Markdown (`## Scenario N: title`,
    `### Section`, lists of any kind, text straight under a heading). Sections may be missing or carry close names.

    Raises:
        DrillError: no scenario, a scenario without title or prompt, a number twice, a section of an unknown name; with
            file, line and what was expected.
    """
    return _Parser(text, path).document()


@dataclass
class _SectionDraft:
    kind: SectionKind
    heading: str
    line: int
    start: int
    items: list[Block] = field(default_factory=list)
    text: list[Block] = field(default_factory=list)

    @property
    def end(self) -> int:
        return max((block.end for block in self.items + self.text), default=self.start + len(self.heading))


@dataclass
class _ScenarioDraft:
    number: int
    title: str
    heading: Block
    prompt: list[Block] = field(default_factory=list)
    sections: list[_SectionDraft] = field(default_factory=list)
    in_prompt: bool = True

    @property
    def end(self) -> int:
        return max([self.heading.end, *(block.end for block in self.prompt), *(one.end for one in self.sections)])


class _Parser:
    """Walks the blocks once; a heading decides where what follows belongs."""

    def __init__(self, text: str, path: str) -> None:
        self.source = text
        self.path = path
        self.blocks = read_blocks(text)
        self.title = ""
        self.preamble = PreambleDraft()
        self.scenarios: list[_ScenarioDraft] = []
        self.scenario: _ScenarioDraft | None = None

    def document(self) -> DrillDocument:
        for position, block in enumerate(self.blocks):
            if block.kind == "heading" or (block.kind == "text" and self._opens_something(position)):
                self._take_heading(block)
            elif self.scenario:
                self._take_content(self.scenario, block)
            elif not self.title and block.kind == "text":
                self.title = block.text
            else:
                self.preamble.take(block)
        if not self.scenarios:
            raise DrillError(
                "There is no scenario in it.", path=self.path, line=1, expected="a heading such as `Scenario 1: Title`"
            )
        return DrillDocument(
            title=self.title,
            path=self.path,
            sha256=sha256(self.source.encode("utf-8", "surrogatepass")).hexdigest(),
            source=self.source,
            preamble=self.preamble.finish(),
            scenarios=tuple(map(self._finish, self.scenarios)),
        )

    def _opens_something(self, position: int) -> bool:
        """Whether a bare line is a heading of the plain form."""
        text = self.blocks[position].text
        if read_scenario_heading(text):
            return True
        if not looks_like_heading(text):
            return False
        if find_preamble_part(text) or (not self.scenario and self.preamble.part in ("signals", "frameworks")):
            return True
        if not self.scenario:
            return False
        following = self.blocks[position + 1] if position + 1 < len(self.blocks) else None
        opens_list = following is not None and following.kind == "item"
        return is_prompt_heading(text) or find_section_kind(text) is not None or opens_list

    def _take_heading(self, block: Block) -> None:
        numbered = read_scenario_heading(block.text)
        if numbered:
            self._open_scenario(block, *numbered)
        elif self.scenario is None or self._leaves_scenario(block):
            self.scenario = None
            if not self.title and block.level == 1:
                self.title = block.text
            self.preamble.take_heading(block)
        else:
            self._open_section(self.scenario, block)

    def _leaves_scenario(self, block: Block) -> bool:
        if self.scenario and block.level and self.scenario.heading.level:
            return block.level <= self.scenario.heading.level
        return find_preamble_part(block.text) is not None and find_section_kind(block.text) is not SectionKind.FOLLOWUP

    def _open_scenario(self, block: Block, number: int, title: str) -> None:
        if not title:
            what, expected = f"Scenario {number} has no title.", f"`Scenario {number}: Title`"
            raise DrillError(what, path=self.path, line=block.line, expected=expected)
        twin = next((one for one in self.scenarios if one.number == number), None)
        if twin:
            raise DrillError(
                f"Scenario {number} stands twice (first in line {twin.heading.line}).",
                path=self.path,
                line=block.line,
                expected="a number of its own for each scenario",
            )
        self.scenario = _ScenarioDraft(number, title, block)
        self.scenarios.append(self.scenario)

    def _open_section(self, scenario: _ScenarioDraft, block: Block) -> None:
        scenario.in_prompt = is_prompt_heading(block.text)
        if scenario.in_prompt:
            return
        kind = find_section_kind(block.text)
        if kind is None:
            raise DrillError(
                f"The section {block.text!r} of scenario {scenario.number} has a name that is not known.",
                path=self.path,
                line=block.line,
                expected=f"a name close to one of: {SECTION_NAMES}",
            )
        scenario.sections.append(_SectionDraft(kind, block.text.rstrip(":"), block.line, block.start))

    def _take_content(self, scenario: _ScenarioDraft, block: Block) -> None:
        if scenario.in_prompt:
            scenario.prompt.append(block)
        elif block.kind == "text":
            scenario.sections[-1].text.append(block)
        else:
            scenario.sections[-1].items.append(block)

    def _finish(self, draft: _ScenarioDraft) -> Scenario:
        prompt = " ".join(block.text for block in draft.prompt)
        if not prompt:
            raise DrillError(
                f"Scenario {draft.number} has no prompt.",
                path=self.path,
                line=draft.heading.line,
                expected="a `Prompt` heading with text under it, or text straight under the scenario's heading",
            )
        counts: dict[SectionKind, int] = {}
        return Scenario(
            number=draft.number,
            title=draft.title,
            prompt=prompt,
            sections=tuple(self._finish_section(draft.number, section, counts) for section in draft.sections),
            line=draft.heading.line,
            start=draft.heading.start,
            end=draft.end,
        )

    def _finish_section(self, number: int, draft: _SectionDraft, counts: dict[SectionKind, int]) -> Section:
        """A section with its bullets; one that holds paragraphs only has each of them as a bullet."""
        items, text = (draft.items, draft.text) if draft.items else (draft.text, [])
        bullets = []
        for block in items:
            counts[draft.kind] = index = counts.get(draft.kind, 0) + 1
            bullets.append(
                Bullet(
                    id=f"s{number:02d}.{draft.kind.value}.{index}",
                    scenario=number,
                    kind=draft.kind,
                    section=draft.heading,
                    index=index,
                    text=block.text,
                    line=block.line,
                    start=block.start,
                    end=block.end,
                )
            )
        return Section(
            kind=draft.kind,
            heading=draft.heading,
            bullets=tuple(bullets),
            text=" ".join(block.text for block in text),
            line=draft.line,
            start=draft.start,
            end=draft.end,
        )
