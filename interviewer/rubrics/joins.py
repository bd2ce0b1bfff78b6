"""Criteria against the drill document: each answer bullet has one criterion, and one only."""

import re
from collections.abc import Iterator, Mapping, Sequence

from interviewer.rubrics.entry import Entry, RubricFile
from interviewer.rubrics.fault import Fault
from interviewer.scenario import DrillDocument, Preamble

_SHOWN = 70


def key_texts(document: DrillDocument) -> dict[str, str]:
    """Id -> text of everything that needs a criterion: answer bullets, and the preamble's advice as `shared.PART.N`."""
    own = {bullet.id: bullet.text for scenario in document.scenarios for bullet in scenario.key_bullets}
    return own | _shared_texts(document.preamble)


def find_join_faults(files: Sequence[RubricFile], document: DrillDocument) -> Iterator[Fault]:
    keys = key_texts(document)
    follow_ups = {bullet.id for scenario in document.scenarios for bullet in scenario.follow_ups}
    for file in files:
        for entry in file.entries:
            yield from _misplaced(entry, file.scenario, keys, follow_ups)
        yield from _missing(file, keys)
    yield from _doubled([entry for file in files for entry in file.entries])


def _misplaced(entry: Entry, scenario: int | None, keys: Mapping[str, str], follow_ups: set[str]) -> Iterator[Fault]:
    at_home = _owner(entry.bullet) == _prefix(scenario)
    if not entry.bullet or (at_home and (entry.bullet in keys or _is_unadvised(entry.bullet, keys))):
        return
    if entry.bullet in follow_ups:
        what, step = "is a listed follow-up question, not part of the answer key.", "Remove the criterion."
        yield entry.fault("unknown_bullet", "bullet", what, step)
    elif entry.bullet in keys:
        home = f"{_owner(entry.bullet)}.yaml"
        yield entry.fault("foreign_bullet", "bullet", "belongs to another file.", f"Move the criterion to {home}.")
    else:
        step = "Correct the id; `interviewer drills --json` lists them."
        yield entry.fault("unknown_bullet", "bullet", "is not an answer bullet of the drill document.", step)


def _missing(file: RubricFile, keys: Mapping[str, str]) -> Iterator[Fault]:
    if not file.has_criteria:
        return
    present = {entry.bullet for entry in file.entries}
    for bullet, text in keys.items():
        if _owner(bullet) == _prefix(file.scenario) and bullet not in present:
            short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            yield Fault(
                kind="missing_bullet",
                file=str(file.path),
                field="criteria",
                bullet=bullet,
                what=f"no criterion stands for “{short}”.",
                next_step=f"Add one with `bullet: {bullet}`.",
            )


def _doubled(entries: Sequence[Entry]) -> Iterator[Fault]:
    first: dict[str, Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.bullet, entry)
        if earlier is not entry and entry.bullet:
            what = f"has a criterion already: {earlier.file}, criteria[{earlier.index}]."
            yield entry.fault("doubled_bullet", "bullet", what, "Keep one of the two.")


def _shared_texts(preamble: Preamble) -> dict[str, str]:
    parts = {"step": preamble.answer_steps, "opening": preamble.opening_steps, "senior": preamble.seniority_signals}
    return {f"shared.{part}.{n}": text for part, texts in parts.items() for n, text in enumerate(texts, start=1)}


def _is_unadvised(bullet: str, keys: Mapping[str, str]) -> bool:
    """Whether it is a shared criterion of a kind of advice that this document does not give: that is no fault."""
    known = re.fullmatch(r"(shared\.(?:step|opening|senior)\.)[1-9]\d?", bullet)
    return known is not None and not any(key.startswith(known[1]) for key in keys)


def _owner(bullet: str) -> str:
    """`s03` of `s03.cover.1`, `shared` of `shared.step.1`."""
    return bullet.partition(".")[0]


def _prefix(scenario: int | None) -> str:
    return "shared" if scenario is None else f"s{scenario:02}"
