"""Grades files and folders on this machine, several at a time; what fails is reported and the rest goes on."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from interviewer.errors import InputError, InterviewerError, StoreError
from interviewer.grading.grader import AskScenario, Grader
from interviewer.grading.parallel import Brake, map_in_order
from interviewer.grading.report import render_html, render_json, render_markdown, render_overview
from interviewer.grading.scorecard import Scorecard
from interviewer.grading.summary import Failed, Graded, Row, render_csv, summarise
from interviewer.grading.transcripts.imported import Imported
from interviewer.grading.transcripts.read import SUFFIXES, find_files, read_transcripts
from interviewer.rubric import Grade, Rubric
from interviewer.transcript import Transcript

SUMMARY = "summary.csv"
OVERVIEW = "index.html"
_MOST_NAME_CHARS = 80
# Names that are ours, and those that Windows keeps for devices.
_TAKEN = {"summary", "index", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True)
class Order:
    """What to grade and how.

    `scenario` is for transcripts that name none; `candidate` is the name of who was interviewed; `workers` is how many
    transcripts are graded at a time, and changes nothing in the result.
    """

    paths: Sequence[Path]
    out: Path
    grade: Grade = "senior"
    scenario: int | None = None
    candidate: str = ""
    ask: AskScenario | None = None
    workers: int = 1


Tell = Callable[[int, int, str], None]
"""Takes files done, files in all, and the name of the next one."""


def grade_batch(order: Order, grader: Grader, tell: Tell = lambda done, total, name: None) -> tuple[Row, ...]:
    """One row per transcript, and per file or folder that gave none. Reports, table and overview are in `order.out`.

    The table and the overview are written even when the run is broken off. Where there is no use in going on (no access
    to the model, nothing left to spend), what was graded is kept and the rest is reported as not graded.

    Raises:
        InputError: the folder for the reports cannot be made.
    """
    _make_folder(order.out)
    rows: list[Row] = []
    shelf = _Shelf(order.out)
    files = list(_files(order))
    told = _Told(tell, [file.name for file, _ in files])
    work = _Work(order, grader)
    try:
        for number, done in map_in_order(work, _jobs(files, order, told), order.workers):
            told.reached(number)
            rows.append(done if isinstance(done, Failed) else _kept(*done, shelf))
        told.reached(len(files))
    finally:
        write_whole(order.out / SUMMARY, render_csv(rows))
        write_whole(order.out / OVERVIEW, render_overview(rows))
    return tuple(rows)


def read_batch(order: Order, grader: Grader) -> Iterator[tuple[Transcript, Rubric]]:
    """What can be graded without asking anybody, for estimates; whatever cannot be is left out."""
    for file, root in _files(order):
        for imported in read_transcripts(file, root, order.candidate) if file != root else ():
            if not isinstance(imported, InterviewerError):
                found = grader.find_rubric(imported.transcript, order.scenario)
                if found is not None:
                    yield imported.transcript, found


@dataclass(frozen=True)
class _Job:
    """A transcript to grade, or what came in place of one; `number` is that of its file."""

    number: int
    found: Imported | Failed


_Done = Failed | tuple[Scorecard, Transcript]


class _Told:
    """Tells of each file once."""

    def __init__(self, tell: Tell, names: Sequence[str]) -> None:
        self._tell, self._names = tell, [*names, ""]
        self._next = 0

    def reached(self, number: int) -> None:
        while self._next <= number:
            self._tell(self._next, len(self._names) - 1, self._names[self._next])
            self._next += 1


def _jobs(files: Sequence[tuple[Path, Path | None]], order: Order, told: _Told) -> Iterator[_Job]:
    for number, (file, root) in enumerate(files):
        if order.workers <= 1:
            told.reached(number)  # with several at a time this runs ahead of what is done
        if file == root:
            known = f"Known endings: {', '.join(SUFFIXES)}."
            yield _Job(number, Failed(path=str(file), what="holds no transcript.", next_step=known))
            continue
        for imported in read_transcripts(file, root, order.candidate):
            found = _failed(file, imported) if isinstance(imported, InterviewerError) else imported
            yield _Job(number, found)


def _files(order: Order) -> Iterator[tuple[Path, Path | None]]:
    """Each file with the folder that it was found in; reports of an earlier run are no transcripts."""
    out = order.out.resolve()
    for path in order.paths:
        if not path.is_dir():
            yield path, None
            continue
        found = [file for file in find_files([path]) if out not in file.resolve().parents]
        yield from ((file, path) for file in found or [path])


class _Work:
    """Grades one job; called from several threads."""

    def __init__(self, order: Order, grader: Grader) -> None:
        self._order, self._grader = order, grader
        self._brake, self._asking = Brake(), Lock()

    def __call__(self, job: _Job) -> tuple[int, _Done]:
        return job.number, job.found if isinstance(job.found, Failed) else self._grade(job.found)

    def _grade(self, imported: Imported) -> _Done:
        source, order = Path(imported.transcript.source), self._order
        try:
            card = self._brake.run(
                lambda: self._grader.grade_imported(imported, order.grade, given=order.scenario, ask=self._ask())
            )
            return card, imported.transcript
        except InterviewerError as error:
            return _failed(source, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one transcript must not cost the others
            what = f"could not be graded: {type(error).__name__}: {error}."
            return Failed(path=str(source), what=what, next_step="Please report this with the file.")

    def _ask(self) -> AskScenario | None:
        """One question at a time."""
        asked = self._order.ask
        if asked is None:
            return None

        def ask(transcript: Transcript) -> int | None:
            with self._asking:
                return asked(transcript)

        return ask


def _kept(card: Scorecard, transcript: Transcript, shelf: "_Shelf") -> Row:
    try:
        return shelf.keep(card, transcript)
    except InterviewerError as error:
        return _failed(Path(transcript.source), error)


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
            write_whole(self._folder / f"{name}.{suffix}", text)
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


def write_whole(path: Path, text: str) -> None:
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
