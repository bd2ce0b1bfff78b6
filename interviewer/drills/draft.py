"""A scenario while it is being read."""

from dataclasses import dataclass, field

from interviewer.drills.blocks import Block
from interviewer.errors import DrillError
from interviewer.scenario import Bullet, Scenario, Section, SectionKind


@dataclass
class SectionDraft:
    kind: SectionKind
    heading: Block
    items: list[Block] = field(default_factory=list)
    text: list[Block] = field(default_factory=list)

    @property
    def end(self) -> int:
        return max(block.end for block in (self.heading, *self.items, *self.text))


@dataclass
class ScenarioDraft:
    """`unknown` is the heading of unknown meaning under which the reader stands, if it does."""

    number: int
    title: str
    heading: Block
    prompt: list[Block] = field(default_factory=list)
    sections: list[SectionDraft] = field(default_factory=list)
    in_prompt: bool = True
    level: int = 0
    unknown: Block | None = None

    @property
    def is_marked(self) -> bool:
        """Whether headings carry levels here, as in Markdown."""
        return self.heading.level > 0

    @property
    def is_flat(self) -> bool:
        """Whether no heading of this scenario stands deeper than its own."""
        return self.level <= self.heading.level

    @property
    def has_content(self) -> bool:
        """Whether something stands already under the heading that was opened last."""
        return bool(self.prompt if self.in_prompt else self.sections[-1].items)

    def open_prompt(self, block: Block) -> None:
        self.in_prompt, self.level, self.unknown = True, block.level, None

    def open_section(self, block: Block, kind: SectionKind | None) -> None:
        """A heading without a kind below that of a section belongs to that section."""
        if kind:
            self.in_prompt, self.level, self.unknown = False, block.level, None
            self.sections.append(SectionDraft(kind, block))
        elif not (self.unknown is None and block.level > self.level > 0):
            self.unknown = block

    def take(self, block: Block) -> None:
        if self.in_prompt:
            self.prompt.append(block)
        elif block.kind == "text":
            self.sections[-1].text.append(block)
        else:
            self.sections[-1].items.append(block)

    def finish(self, path: str) -> Scenario:
        """The scenario.

        Raises:
            DrillError: it has no prompt or no bullet.
        """
        prompt = "".join(("\n- " if block.kind == "item" else "\n\n") + block.text for block in self.prompt).strip()
        if not prompt:
            self._refuse("prompt", "a `Prompt` heading with text under it, or text straight under this heading", path)
        counts: dict[SectionKind, int] = {}
        sections = tuple(_finish_section(self.number, section, counts) for section in self.sections)
        if not counts:
            self._refuse("bullets", "at least one section such as `First Things To Inspect` with a list", path)
        return Scenario(
            number=self.number,
            title=self.title,
            prompt=prompt,
            sections=sections,
            line=self.heading.line,
            start=self.heading.start,
            end=max([self.heading.end, *(block.end for block in self.prompt), *(one.end for one in self.sections)]),
        )

    def _refuse(self, missing: str, expected: str, path: str) -> None:
        what = f"Scenario {self.number} has no {missing}."
        raise DrillError(what, path=path, line=self.heading.line, expected=expected)


def _finish_section(number: int, draft: SectionDraft, counts: dict[SectionKind, int]) -> Section:
    """A section with its bullets; one that holds paragraphs only has each of them as a bullet."""
    items, text = (draft.items, draft.text) if draft.items else (draft.text, [])
    heading = draft.heading.text.rstrip(":").rstrip()
    bullets = []
    for block in items:
        # Two sections of one kind share the count, so that ids stay unique in a scenario.
        counts[draft.kind] = index = counts.get(draft.kind, 0) + 1
        bullets.append(
            Bullet(
                id=f"s{number:02d}.{draft.kind.value}.{index}",
                scenario=number,
                kind=draft.kind,
                section=heading,
                index=index,
                text=block.text,
                line=block.line,
                start=block.start,
                end=block.end,
            )
        )
    return Section(
        kind=draft.kind,
        heading=heading,
        bullets=tuple(bullets),
        text=" ".join(block.text for block in text),
        line=draft.heading.line,
        start=draft.heading.start,
        end=draft.end,
    )
