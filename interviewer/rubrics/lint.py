"""Every fault of a rubric folder at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from interviewer.errors import RubricError
from interviewer.rubric import ScenarioRubric, SharedRubric
from interviewer.rubrics.entry import RubricFile, build_rubric_file
from interviewer.rubrics.fault import Fault
from interviewer.rubrics.joins import find_join_faults
from interviewer.rubrics.read import SHARED_FILE, scenario_file, scenario_number
from interviewer.rubrics.scales import find_scale_faults
from interviewer.rubrics.schema import find_schema_faults
from interviewer.rubrics.wording import find_wording_faults
from interviewer.scenario import DrillDocument
from interviewer.yaml_file import read_yaml


def lint_rubrics(folder: Path, document: DrillDocument) -> tuple[Fault, ...]:
    """Every fault of the folder's rubrics against the drill document that they belong to, by file; none when clean.

    Never raises for what the files hold: a file that cannot be read is a fault too, and the others are still checked.
    """
    if not folder.is_dir():
        what, step = "is not a folder.", "Give the folder that holds shared.yaml and the scenarios' files."
        return (Fault(kind="missing_file", file=str(folder), what=what, next_step=step),)
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    faults = list(_file_faults(folder, [path.name for path in paths], document))
    files = []
    for path in paths:
        if path.name == SHARED_FILE or scenario_number(path.name) is not None:
            try:
                data = read_yaml(path, RubricError)
            except RubricError as error:
                faults.append(_unreadable(path, error))
                continue
            files.append(build_rubric_file(path, scenario_number(path.name), data))
    faults.extend(_content_faults(files, document))
    return tuple(sorted(faults, key=lambda fault: fault.file))


def _file_faults(folder: Path, names: Sequence[str], document: DrillDocument) -> Iterator[Fault]:
    """Files that are missing, and files that stand for nothing."""
    expected = {scenario_file(one.number): f"scenario {one.number}, {one.title}" for one in document.scenarios}
    expected[SHARED_FILE] = "what holds for every scenario"
    for name, purpose in expected.items():
        if name not in names:
            what = f"the file is missing ({purpose})."
            yield Fault(kind="missing_file", file=str(folder / name), what=what, next_step="Add it.")
    for name in names:
        if name not in expected:
            number = scenario_number(name)
            what = "is not the name of a rubric." if number is None else f"the document has no scenario {number}."
            step = f"Rename it ({SHARED_FILE}, {scenario_file(1)}, {scenario_file(2)} ...) or remove it."
            yield Fault(kind="stray_file", file=str(folder / name), what=what, next_step=step)


def _content_faults(files: Sequence[RubricFile], document: DrillDocument) -> Iterator[Fault]:
    for file in files:
        noun = SharedRubric if file.scenario is None else ScenarioRubric
        yield from find_schema_faults(file.data, noun, file.path)
        if file.scenario is None:
            yield from find_scale_faults(file)
        else:
            yield from _number_faults(file, file.scenario)
    yield from find_join_faults(files, document)
    yield from find_wording_faults(files, document)


def _number_faults(file: RubricFile, expected: int) -> Iterator[Fault]:
    said = file.data.get("scenario") if isinstance(file.data, dict) else None
    if type(said) is int and said != expected:
        yield Fault(
            kind="wrong_scenario",
            file=str(file.path),
            field="scenario",
            what="is not the scenario that the file name says.",
            next_step=f"Write `scenario: {expected}` or rename the file.",
        )


def _unreadable(path: Path, error: RubricError) -> Fault:
    """The line that the error names goes into the field."""
    place = error.where.removeprefix(str(path)).lstrip(":")
    field = f"line {place}" if place else ""
    step = error.next_step or "Correct the YAML."
    return Fault(kind="unreadable", file=str(path), field=field, what=error.what, next_step=step)
