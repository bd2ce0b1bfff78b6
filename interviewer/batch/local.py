"""Grades files and folders on this machine, one after the other; what fails is reported and the rest goes on."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from interviewer.errors import InputError, InterviewerError, StoreError
from interviewer.grading.grader import AskScenario, Grader
from interviewer.grading.report import render_html, render_json, render_markdown, render_overview
from interviewer.grading.scorecard import Scorecard
from interviewer.grading.summary import Failed, Graded, Row, render_csv, summarise
from interviewer.grading.transcripts.imported import Imported
from interviewer.grading.transcripts.read import SUFFIXES, find_files, read_transcripts
from interviewer.rubric import Grade
from interviewer.transcript import Transcript

SUMMARY = "summary.csv"
OVERVIEW = "index.html"
_MOST_NAME_CHARS = 80
# Names that are ours, and those that Windows keeps for devices.
_TAKEN = {"summary", "index", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True)
class Order:
    """What to grade and how.

    `scenario` is for transcripts that name none; `candidate` is the name of who was interviewed.
    """

    paths: Sequence[Path]
    out: Path
    grade: Grade = "senior"
    scenario: int | None = None
    candidate: str = ""
    ask: AskScenario | None = None


Tell = Callable[[int, int, str], None]
"""Takes files done, files in all, and the name of the next one."""


def grade_batch(order: Order, grader: Grader, tell: Tell = lambda done, total, name: None) -> tuple[Row, ...]:
    """One row per transcript, and per file or folder that gave none. Reports, table and overview are in `order.out`.

    The table and the overview are written even when the run is broken off.

    Raises:
        InputError: the folder for the reports cannot be made.
    """
    _make_folder(order.out)
    rows: list[Row] = []
    shelf = _Shelf(order.out)
    files = list(_files(order))
    try:
        for done, (file, root) in enumerate(files):
            tell(done, len(files), file.name)
            rows += _grade_file(file, root, order, grader, shelf)
        tell(len(files), len(files), "")
    finally:
        _write(order.out / SUMMARY, render_csv(rows))
        _write(order.out / OVERVIEW, render_overview(rows))
    return tuple(rows)


def _files(order: Order) -> Iterator[tuple[Path, Path | None]]:
    """Each file with the folder that it was found in; reports of an earlier run are no transcripts."""
    out = order.out.resolve()
    for path in order.paths:
        if not path.is_dir():
            yield path, None
            continue
        found = [file for file in find_files([path]) if out not in file.resolve().parents]
        yield from ((file, path) for file in found or [path])


def _grade_file(file: Path, root: Path | None, order: Order, grader: Grader, shelf: "_Shelf") -> Iterator[Row]:
    if file == root:
        yield Failed(path=str(file), what="holds no transcript.", next_step=f"Known endings: {', '.join(SUFFIXES)}.")
        return
    for imported in read_transcripts(file, root, order.candidate):
        if isinstance(imported, InterviewerError):
            yield _failed(file, imported)
        else:
            yield _grade_one(imported, order, grader, shelf)


def _grade_one(imported: Imported, order: Order, grader: Grader, shelf: "_Shelf") -> Row:
    source = Path(imported.transcript.source)
    try:
        card = grader.grade_imported(imported, order.grade, given=order.scenario, ask=order.ask)
        return shelf.keep(card, imported.transcript)
    except InterviewerError as error:
        return _failed(source, error)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one transcript must not cost the others
        what = f"could not be graded: {type(error).__name__}: {error}."
        return Failed(path=str(source), what=what, next_step="Please report this with the file.")


def _failed(file: Path, error: InterviewerError) -> Failed:
    what = (
        error.what
        if error.where in ("", str(file))
        else f"{error.where.removeprefix(str(file)).lstrip(': ')}: {error.what}"
    )
    return Failed(path=str(file), what=what, next_step=error.next_step)


class _Shelf:
    """Where reports are put, each under a name of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken = set(_TAKEN)

    def keep(self, card: Scorecard, transcript: Transcript) -> Graded:
        name = self._name(card.transcript)
        texts = {"json": render_json(card), "md": render_markdown(card, transcript), "html": render_html(card)}
        for suffix, text in texts.items():
            _write(self._folder / f"{name}.{suffix}", text)
        return summarise(card, {suffix: f"{name}.{suffix}" for suffix in texts})

    def _name(self, wanted: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-.")[:_MOST_NAME_CHARS] or "transcript"
        name, number = plain, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{plain}-{number}"
        self._taken.add(name.lower())
        return name


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder cannot be made ({error.strerror}).", where=str(folder)) from error


def _write(path: Path, text: str) -> None:
    """In one step, so that no reader sees half a report."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"cannot be written ({error.strerror}).", where=str(path), next_step="Check disk and rights."
        ) from error
