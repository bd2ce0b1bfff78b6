"""The part of a drill document that is about answering in general."""

from dataclasses import dataclass, field

from interviewer.drills.blocks import Block
from interviewer.drills.headings import find_preamble_part
from interviewer.scenario import MiniFramework, Preamble, SignalGroup


@dataclass
class PreambleDraft:
    """Collects lists under the headings that it knows; everything else is passed over."""

    part: str = ""
    lists: dict[str, list[str]] = field(default_factory=dict)
    groups: list[tuple[str, list[str]]] = field(default_factory=list)
    frameworks: list[tuple[str, list[str]]] = field(default_factory=list)

    def take_heading(self, block: Block) -> None:
        part = find_preamble_part(block.text)
        if part:
            self.part = part
        elif self.part == "signals":
            self.groups.append((block.text, []))
        elif self.part == "frameworks":
            if block.text.rstrip(":").lower() != "say":
                self.frameworks.append((block.text.rstrip(":"), []))
        else:
            self.part = ""

    def take(self, block: Block) -> None:
        if self.part == "frameworks" and self.frameworks:
            self.frameworks[-1][1].append(block.text.removeprefix("Say:").strip())
        elif block.kind == "item" and self.part == "signals":
            if not self.groups:
                self.groups.append(("", []))
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
