"""A drill document, as plain text or as Markdown, turned into scenarios."""

from hashlib import sha256

from interviewer.drills.blocks import Block, read_blocks
from interviewer.drills.draft import ScenarioDraft
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
from interviewer.scenario import DrillDocument

MAX_NUMBER = 999


def parse_drills(text: str, path: str = "<text>") -> DrillDocument:
    """The scenarios and the preamble of a drill document.

    Two forms are read: plain text with bare heading lines and bullets, and Markdown (`## Scenario N: title`,
    `### Section`, lists of any kind, text straight under a heading, code blocks). Sections may be missing or carry
    close names. A section whose name says nothing and that holds no bullets is commentary and is left out.

    Raises:
        DrillError: no scenario; a scenario without title, prompt or bullets; a number twice or out of 1-999; bullets
            under a heading of unknown meaning; an empty bullet; with file, line and what was expected.
    """
    return _Parser(text, path).document()


class _Parser:
    """Walks the blocks once; a heading decides where what follows belongs."""

    def __init__(self, text: str, path: str) -> None:
        self.source = text
        self.path = path
        self.blocks = read_blocks(text, path)
        self.title = ""
        self.preamble = PreambleDraft()
        self.scenarios: list[ScenarioDraft] = []
        self.scenario: ScenarioDraft | None = None

    def document(self) -> DrillDocument:
        for position, block in enumerate(self.blocks):
            self._take(block, self.blocks[position + 1 : position + 2])
        if not self.scenarios:
            raise DrillError(
                "There is no scenario in it.",
                path=self.path,
                line=1,
                expected="a heading such as `Scenario 1: Title`, in Markdown `## Scenario 1: Title`",
            )
        return DrillDocument(
            title=self.title,
            path=self.path,
            sha256=sha256(self.source.encode("utf-8", "surrogatepass")).hexdigest(),
            source=self.source,
            preamble=self.preamble.finish(),
            scenarios=tuple(draft.finish(self.path) for draft in self.scenarios),
        )

    def _take(self, block: Block, following: list[Block]) -> None:
        if block.kind == "heading" or (block.kind == "text" and self._names_something(block, following)):
            self._take_heading(block)
        elif self.scenario:
            self._take_content(self.scenario, block)
        elif not self.title and block.kind == "text" and not self.preamble.part:
            self.title = block.text
        else:
            self.preamble.take(block)

    def _names_something(self, block: Block, following: list[Block]) -> bool:
        """Whether a bare line that has no meaning by itself is a heading where it stands."""
        if not self.scenario:
            return self.preamble.opens_here(block)
        opens_list = bool(following) and following[0].kind == "item" and not self.scenario.is_marked
        return opens_list and self.scenario.has_content and looks_like_heading(block.text) and block.text[-1] != ":"

    def _take_heading(self, block: Block) -> None:
        numbered = read_scenario_heading(block.text)
        if numbered:
            self._open_scenario(block, *numbered)
        elif self.scenario is None or self._leaves(self.scenario, block):
            self.scenario = None
            is_title = not self.title and not self.scenarios and not find_preamble_part(block.text)
            self.title = block.text if is_title else self.title
            self.preamble.take_heading(block)
        elif is_prompt_heading(block.text):
            self.scenario.open_prompt(block)
        else:
            self.scenario.open_section(block, find_section_kind(block.text))

    def _leaves(self, scenario: ScenarioDraft, block: Block) -> bool:
        """Whether a heading ends the scenario: by its level or, where levels say nothing, by its name."""
        kind, part = find_section_kind(block.text), find_preamble_part(block.text)
        by_name = part is not None and (kind is None or part in ("signals", "opening_steps"))
        if not block.level or not scenario.is_marked:
            return by_name
        if block.level == scenario.heading.level and scenario.is_flat:
            return by_name or not (kind or is_prompt_heading(block.text))
        return block.level <= scenario.heading.level

    def _open_scenario(self, block: Block, number: int, title: str) -> None:
        if not title:
            what, expected = f"Scenario {number} has no title.", f"`Scenario {number}: Title`"
            raise DrillError(what, path=self.path, line=block.line, expected=expected)
        if not 1 <= number <= MAX_NUMBER:
            what, expected = f"{number} cannot be the number of a scenario.", f"a number from 1 to {MAX_NUMBER}"
            raise DrillError(what, path=self.path, line=block.line, expected=expected)
        twin = next((one for one in self.scenarios if one.number == number), None)
        if twin:
            what = f"Scenario {number} stands twice (first in line {twin.heading.line})."
            raise DrillError(what, path=self.path, line=block.line, expected="a number of its own for each scenario")
        self.scenario = ScenarioDraft(number, title, block)
        self.scenarios.append(self.scenario)

    def _take_content(self, scenario: ScenarioDraft, block: Block) -> None:
        unknown = scenario.unknown
        if unknown and block.kind == "item":
            raise DrillError(
                f"The section {unknown.text!r} of scenario {scenario.number} has a name that is not known.",
                path=self.path,
                line=unknown.line,
                expected=f"a name close to one of: {SECTION_NAMES}",
            )
        if not unknown:
            scenario.take(block)
