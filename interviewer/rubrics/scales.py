"""The shared file's scales: competencies with anchors, thresholds, credits, hint caps, expectations."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, get_args

from interviewer.rubric import CompetencyId, Grade
from interviewer.rubrics.entry import RubricFile
from interviewer.rubrics.fault import Fault, FaultKind
from interviewer.rubrics.words import words

_COMPETENCIES: tuple[str, ...] = get_args(CompetencyId)
_GRADES: tuple[str, ...] = get_args(Grade)
_THRESHOLDS = ("level_2", "level_3", "level_4", "level_5")
_CREDITS = ("partial", "met")
_HINT_CAPS = ("reveal", "partial", "narrow", "pump")


def find_scale_faults(file: RubricFile) -> Iterator[Fault]:
    """Faults of the shared file that its schema cannot see."""
    data = file.data if isinstance(file.data, dict) else {}
    found = [
        *_competency_faults(data.get("competencies")),
        *_order_faults("thresholds", data.get("thresholds"), _THRESHOLDS, "thresholds_order", strictly=True),
        *_order_faults("credits", data.get("credits"), _CREDITS, "credits_order", strictly=False),
        *_order_faults("hint_caps", data.get("hint_caps"), _HINT_CAPS, "hint_caps_order", strictly=False),
        *_expectation_faults(data.get("expectations")),
    ]
    for kind, field, what, next_step in found:
        yield Fault(kind=kind, file=str(file.path), field=field, what=what, next_step=next_step)


_Found = Iterator[tuple[FaultKind, str, str, str]]


def _competency_faults(listed: Any) -> _Found:
    if not isinstance(listed, list):
        return
    ids = [one.get("id") if isinstance(one, dict) else None for one in listed]
    for competency in _COMPETENCIES:
        if competency not in ids:
            yield "missing_competency", "competencies", f"{competency} is missing.", "Add it with title and anchors."
    for place, name in enumerate(ids):
        if isinstance(name, str) and name in ids[:place]:
            yield "doubled_competency", f"competencies[{place}].id", f"{name} stands twice.", "Keep one of the two."
    for place, one in enumerate(listed):
        yield from _text_faults(place, one)


def _text_faults(place: int, competency: Any) -> _Found:
    if not isinstance(competency, dict):
        return
    for name in ("title", "description"):
        if _is_blank(competency.get(name)):
            yield "empty_text", f"competencies[{place}].{name}", f"the {name} is empty.", "Write it."
    anchors = competency.get("anchors")
    said = {key: text for key, text in anchors.items() if isinstance(text, str)} if isinstance(anchors, dict) else {}
    for key, text in said.items():
        if _is_blank(text):
            yield "empty_text", f"competencies[{place}].anchors.{key}", "the anchor is empty.", "Write it."
    for (one, text), (other, again) in combinations(said.items(), 2):
        if words(text) and words(text) == words(again):
            field = f"competencies[{place}].anchors.{other}"
            yield "same_anchors", field, f"says the same as {one}.", "Say what sets the levels apart."


def _order_faults(field: str, data: Any, names: Sequence[str], kind: FaultKind, *, strictly: bool) -> _Found:
    """Values must not fall (`strictly`: must rise) in the order of the names."""
    numbers = _numbers(data, names)
    for low, high in pairwise(names):
        if low in numbers and high in numbers:
            above = numbers[high] > numbers[low] or (not strictly and numbers[high] == numbers[low])
            if not above:
                word = "above" if strictly else "below"
                what = f"{numbers[high]} is {'not ' if strictly else ''}{word} {low} ({numbers[low]})."
                yield kind, f"{field}.{high}", what, f"{high} must be {'above' if strictly else 'at least'} {low}."


def _expectation_faults(data: Any) -> _Found:
    if not isinstance(data, dict):
        return
    for grade in _GRADES:
        if grade not in data:
            yield "missing_expectation", "expectations", f"{grade} is missing.", "Add a level for each competency."
    for low, high in pairwise(_GRADES):
        below, above = _numbers(data.get(low), _COMPETENCIES), _numbers(data.get(high), _COMPETENCIES)
        for name in _COMPETENCIES:
            if name in below and name in above and above[name] < below[name]:
                what = f"{above[name]} is below {low} ({below[name]})."
                yield "expectations_order", f"expectations.{high}.{name}", what, f"{high} must be at least {low}."


def _numbers(data: Any, names: Sequence[str]) -> Mapping[str, float]:
    """The named values that are numbers."""
    if not isinstance(data, dict):
        return {}
    return {name: data[name] for name in names if type(data.get(name)) in (int, float)}


def _is_blank(text: Any) -> bool:
    return isinstance(text, str) and not text.strip()
