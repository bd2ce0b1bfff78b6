"""Gold transcripts: what annotators said of each criterion, read and checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from interviewer.errors import GoldError, TranscriptError
from interviewer.grading.transcripts.json_form import parse_strictly
from interviewer.grading.transcripts.read import decode, read_transcripts
from interviewer.noun import Noun
from interviewer.rubric import Rubric
from interviewer.transcript import Quote, Transcript
from interviewer.verdict import Label

_SUFFIX = ".labels.json"
_LABELS = ("met", "partial", "not_met")


class GoldItem(Noun):
    """A transcript with its labels, criterion -> label, and the words that annotators gave for them, where any."""

    transcript: Transcript
    labels: dict[str, Label]
    quotes: dict[str, Quote] = Field(default_factory=dict)


def read_gold(folder: Path, rubrics: dict[int, Rubric]) -> Iterator[GoldItem | GoldError]:
    """Every pair `ID.json` and `ID.labels.json` below a folder; a bad pair gives its error and the rest goes on.

    Raises:
        GoldError: there is no such folder, or no pair in it.
    """
    if not folder.is_dir():
        raise GoldError("is not a folder.", where=str(folder), next_step="Name one with ID.json and ID.labels.json.")
    paths = sorted(folder.rglob(f"*{_SUFFIX}"))
    if not paths:
        raise GoldError("holds no labels.", where=str(folder), next_step="Expected ID.json beside ID.labels.json.")
    for path in paths:
        try:
            yield _read_pair(path, rubrics)
        except GoldError as error:
            yield error


def _read_pair(path: Path, rubrics: dict[int, Rubric]) -> GoldItem:
    transcript = _read_transcript(path.with_name(path.name.removesuffix(_SUFFIX) + ".json"))
    rubric = rubrics.get(transcript.scenario or 0)
    if rubric is None:
        raise GoldError(f"scenario {transcript.scenario} has no rubric.", where=str(path))
    labels, quotes = _read_labels(path, transcript, rubric)
    return GoldItem(transcript=transcript, labels=labels, quotes=quotes)


def _read_transcript(path: Path) -> Transcript:
    if not path.exists():
        raise GoldError("is missing beside its labels.", where=str(path))
    found = next(iter(read_transcripts(path)))
    if isinstance(found, TranscriptError):
        raise GoldError(found.what, where=found.where, next_step=found.next_step)
    return found.transcript


def _read_labels(path: Path, transcript: Transcript, rubric: Rubric) -> tuple[dict[str, Label], dict[str, Quote]]:
    try:
        text, _ = decode(path.read_bytes(), str(path))
        rows = parse_strictly(text, str(path))
    except TranscriptError as error:
        raise GoldError(error.what, where=error.where) from error
    except OSError as error:
        raise GoldError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    if not isinstance(rows, list):
        raise GoldError("is not a list of labels.", where=str(path))
    known = {one.bullet for one in rubric.scenario.criteria}
    labels: dict[str, Label] = {}
    quotes: dict[str, Quote] = {}
    for place, row in enumerate(rows):
        where = f"{path}: [{place}]"
        bullet, label, quote = _checked(row, where, known, transcript)
        if bullet in labels:
            raise GoldError(f"bullet: {bullet} is labelled twice.", where=where)
        labels[bullet] = label
        if quote:
            quotes[bullet] = quote
    return labels, quotes


def _checked(row: Any, where: str, known: set[str], transcript: Transcript) -> tuple[str, Label, Quote | None]:
    if not isinstance(row, dict):
        raise GoldError("is not an object with bullet and label.", where=where)
    bullet, label = row.get("bullet"), row.get("label")
    if bullet not in known:
        raise GoldError(f"bullet: {bullet!r} is no criterion of scenario {transcript.scenario}.", where=where)
    if label not in _LABELS:
        raise GoldError(f"label: {label!r} is none of {', '.join(_LABELS)}.", where=where)
    return bullet, label, _quote(row, where, transcript)


def _quote(row: Any, where: str, transcript: Transcript) -> Quote | None:
    text, turn = (row.get("quote") or "").strip(), row.get("turn")
    if not text:
        return None
    said = transcript.turns[turn].text if isinstance(turn, int) and 0 <= turn < len(transcript.turns) else ""
    start = said.find(text)
    if start < 0:
        raise GoldError(f"quote: does not stand in turn {turn}.", where=where)
    return Quote(turn=turn, start=start, end=start + len(text), text=text)
