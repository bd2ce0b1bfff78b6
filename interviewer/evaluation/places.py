"""The passages of a drill document that can be judged, each with its place in the source."""

from collections.abc import Iterator, Sequence

from interviewer.noun import Noun
from interviewer.scenario import DrillDocument, Preamble, Scenario


class Place(Noun):
    """A passage: its id, the id of its section, and its text with character offsets in the source.

    `scenario` is None in the preamble.
    """

    bullet: str
    section: str
    scenario: int | None
    text: str
    start: int
    end: int


def find_places(document: DrillDocument) -> dict[str, Place]:
    """Id -> passage, in document order.

    Bullets keep their id (`s01.inspect.2`, in section `s01/inspect`); a prompt is `s01.prompt` in `s01/head`; lines of
    the preamble are `preamble.answer_steps.1`, `preamble.signals.2.3` (group, signal) and so on. A line of the preamble
    that does not stand verbatim in the source is left out.
    """
    places = [*_preamble_places(document), *(place for one in document.scenarios for place in _places(document, one))]
    return {place.bullet: place for place in places}


def _preamble_places(document: DrillDocument) -> Iterator[Place]:
    """Lines of the preamble; each is looked for after the one before it, since short ones stand in later ones too."""
    for name, lines in _parts(document.preamble):
        at = 0
        for index, line in enumerate(lines, 1):
            start = document.source.find(line, at)
            if start < 0:
                continue
            at = start + len(line)
            section = f"preamble/{name.replace('.', '/')}"
            bullet = f"preamble.{name}.{index}"
            yield Place(bullet=bullet, section=section, scenario=None, text=line, start=start, end=at)


def _parts(preamble: Preamble) -> Iterator[tuple[str, Sequence[str]]]:
    yield "answer_steps", preamble.answer_steps
    yield "opening_steps", preamble.opening_steps
    for number, group in enumerate(preamble.signal_groups, 1):
        yield f"signals.{number}", group.signals
    yield "frameworks", [framework.say for framework in preamble.mini_frameworks]
    yield "seniority", preamble.seniority_signals


def _places(document: DrillDocument, scenario: Scenario) -> Iterator[Place]:
    name, number = f"s{scenario.number:02d}", scenario.number
    start = document.source.find(scenario.prompt, scenario.start, scenario.end)
    if start >= 0:
        text, end = scenario.prompt, start + len(scenario.prompt)
        yield Place(bullet=f"{name}.prompt", section=f"{name}/head", scenario=number, text=text, start=start, end=end)
    for bullet in scenario.bullets:
        yield Place(
            bullet=bullet.id,
            section=f"{name}/{bullet.kind.value}",
            scenario=number,
            text=bullet.text,
            start=bullet.start,
            end=bullet.end,
        )
