"""The part of a drill document that is about answering in general."""

from dataclasses import dataclass, field

from interviewer.drills.blocks import Block
from interviewer.drills.headings import find_preamble_part, looks_like_heading
from interviewer.scenario import MiniFramework, Preamble, SignalGroup


@dataclass
class PreambleDraft:
    """Collects lists under the headings that it knows; everything else is passed over."""

    part: str = ""
    heading: Block | None = None
    lists: dict[str, list[str]] = field(default_factory=dict)
    groups: list[tuple[str, list[str]]] = field(default_factory=list)
    frameworks: list[tuple[str, list[str]]] = field(default_factory=list)

    def take_heading(self, block: Block) -> None:
        part = find_preamble_part(block.text)
        if part or self._closes(block):
            self.part, self.heading = part or "", block
        elif self.part == "signals":
            self.groups.append((block.text.rstrip(":"), []))
        elif self.part == "frameworks":
            self.frameworks.append((block.text.rstrip(":"), []))

    def _closes(self, block: Block) -> bool:
        """Whether a heading without a meaning of its own ends the current part instead of standing in it."""
        if self.heading is None or self.part not in ("signals", "frameworks"):
            return True
        return 0 < block.level <= self.heading.level

    def opens_here(self, block: Block) -> bool:
        """Whether a bare line names a group of signals or the situation of a mini-framework."""
        return self.part in ("signals", "frameworks") and looks_like_heading(block.text) and block.text[-1] != ":"

    def take(self, block: Block) -> None:
        if self.part == "frameworks":
            if self.frameworks:
                self.frameworks[-1][1].append(block.text.removeprefix("Say:").strip())
        elif block.kind == "item" and self.part == "signals":
            if not self.groups:
                self.groups.append((self.heading.text if self.heading else "", []))
            self.groups[-1][1].append(block.text)
        elif block.kind == "item" and self.part:
            self.lists.setdefault(self.part, []).append(block.text)

    def finish(self) -> Preamble:
        return Preamble(
            answer_steps=tuple(self.lists.get("answer_steps", ())),
            opening_steps=tuple(self.lists.get("opening_steps", ())),
            signal_groups=tuple(SignalGroup(name=name, signals=tuple(items)) for name, items in self.groups if items),
            mini_frameworks=tuple(
                MiniFramework(situation=situation, say=" ".join(filter(None, say)))
                for situation, say in self.frameworks
                if any(say)
            ),
            seniority_signals=tuple(self.lists.get("seniority", ())),
        )
