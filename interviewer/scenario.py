"""Drill documents as values: bullets, sections, scenarios, the preamble."""

from enum import StrEnum

from interviewer.noun import Noun


class SectionKind(StrEnum):
    """What a section of a scenario is for, whatever its heading says."""

    COVER = "cover"
    INSPECT = "inspect"
    CHECKS = "checks"
    METRICS = "metrics"
    CAUSES = "causes"
    MITIGATE = "mitigate"
    PREVENT = "prevent"
    FOLLOWUP = "followup"

    @property
    def is_key(self) -> bool:
        """Whether bullets of this section are the answer key (all but the listed follow-ups)."""
        return self is not SectionKind.FOLLOWUP


class Bullet(Noun):
    """One line of a section.

    `id` is `sNN.kind.I` (`s01.inspect.2`), stable for a given document; `index` counts from 1 in the section;
    `line` is 1-based in the source; `start` and `end` are character offsets of `text` in the source.
    """

    id: str
    scenario: int
    kind: SectionKind
    section: str
    index: int
    text: str
    line: int
    start: int
    end: int


class Section(Noun):
    """A headed part of a scenario; `heading` as the document writes it, `text` what stands there outside bullets."""

    kind: SectionKind
    heading: str
    bullets: tuple[Bullet, ...]
    text: str = ""
    line: int
    start: int
    end: int


class Scenario(Noun):
    """One incident: number (from 1), title, the prompt read to the candidate, and its sections in document order."""

    number: int
    title: str
    prompt: str
    sections: tuple[Section, ...]
    line: int
    start: int
    end: int

    def section(self, kind: SectionKind) -> Section | None:
        return next((section for section in self.sections if section.kind is kind), None)

    @property
    def follow_ups(self) -> tuple[Bullet, ...]:
        """The questions that the document lists for the interviewer, in order; may be empty."""
        return tuple(bullet for bullet in self.bullets if bullet.kind is SectionKind.FOLLOWUP)

    @property
    def key_bullets(self) -> tuple[Bullet, ...]:
        """The answer key: every bullet except the listed follow-ups, in document order."""
        return tuple(bullet for section in self.sections if section.kind.is_key for bullet in section.bullets)

    @property
    def bullets(self) -> tuple[Bullet, ...]:
        return tuple(bullet for section in self.sections for bullet in section.bullets)


class MiniFramework(Noun):
    """A situation and the sentence that the document suggests saying in it."""

    situation: str
    say: str


class SignalGroup(Noun):
    """A named group of signals worth looking at in almost every scenario."""

    name: str
    signals: tuple[str, ...]


class Preamble(Noun):
    """What the document says about answering in general; every part may be empty."""

    answer_steps: tuple[str, ...] = ()
    opening_steps: tuple[str, ...] = ()
    signal_groups: tuple[SignalGroup, ...] = ()
    mini_frameworks: tuple[MiniFramework, ...] = ()
    seniority_signals: tuple[str, ...] = ()


class DrillDocument(Noun):
    """A parsed practice document; `source` is its whole text, `sha256` the hash of its bytes."""

    title: str
    path: str
    sha256: str
    source: str
    preamble: Preamble
    scenarios: tuple[Scenario, ...]

    def scenario(self, number: int) -> Scenario | None:
        return next((scenario for scenario in self.scenarios if scenario.number == number), None)

    @property
    def bullets(self) -> tuple[Bullet, ...]:
        return tuple(bullet for scenario in self.scenarios for bullet in scenario.bullets)
