"""Files and folders in, transcripts and faults out: one bad item never stops the others."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.captions import read_srt, read_vtt
from interviewer.grading.transcripts.imported import Draft, Imported, check_size
from interviewer.grading.transcripts.json_form import read_json, read_jsonl
from interviewer.grading.transcripts.roles import assign_roles
from interviewer.grading.transcripts.text_form import read_text

MAX_BYTES = 5_000_000
SUFFIXES = (".json", ".jsonl", ".txt", ".md", ".vtt", ".srt")
_SKIPPED = ".labels.json"


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and of folders every transcript file below them in name order; label files are skipped."""
    for path in paths:
        if path.is_dir():
            yield from (
                file
                for file in sorted(path.rglob("*"))
                if file.suffix.lower() in SUFFIXES and not file.name.endswith(_SKIPPED) and not file.is_dir()
            )
        else:
            yield path


def read_transcripts(path: Path, root: Path | None = None, candidate: str = "") -> Iterator[Imported | TranscriptError]:
    """Every transcript of one file, each either read or with its fault.

    `root` is the folder that was asked for: a link that leads out of it is refused. `candidate` is the name of the
    speaker who is the candidate, where that is known.
    """
    try:
        drafts = _read_file(path, root)
    except TranscriptError as error:
        yield error
        return
    for draft in drafts:
        if isinstance(draft, TranscriptError):
            yield draft
            continue
        try:
            check_size(draft)
            yield assign_roles(draft, candidate)
        except TranscriptError as error:
            yield error


def _read_file(path: Path, root: Path | None) -> Iterable[Draft | TranscriptError]:
    text, warnings = decode(_read_bytes(path, root), str(path))
    name, source, suffix = path.stem, str(path), path.suffix.lower()
    if suffix == ".jsonl":
        return (_warned(draft, warnings) for draft in read_jsonl(text, source, name))
    readers = {".json": read_json, ".vtt": read_vtt, ".srt": read_srt, ".txt": read_text, ".md": read_text}
    reader = readers.get(suffix)
    if reader is None:
        raise TranscriptError(
            "is of a kind that is not read.", where=source, next_step=f"Known endings: {', '.join(SUFFIXES)}."
        )
    return [_warned(reader(text, source, name), warnings)]


def _warned(draft: Draft | TranscriptError, warnings: tuple[str, ...]) -> Draft | TranscriptError:
    if isinstance(draft, TranscriptError) or not warnings:
        return draft
    return draft.model_copy(update={"warnings": warnings + draft.warnings})


def _read_bytes(path: Path, root: Path | None) -> bytes:
    try:
        if root and root.resolve() not in path.resolve().parents:
            raise TranscriptError("is a link that leads out of the folder.", where=str(path))
        mode = path.stat()
        if not stat.S_ISREG(mode.st_mode):
            raise TranscriptError("is not a regular file.", where=str(path))
        if mode.st_size > MAX_BYTES:
            raise TranscriptError(f"has {mode.st_size:,} bytes; at most {MAX_BYTES:,} are read.", where=str(path))
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TranscriptError(f"cannot be read ({reason}).", where=str(path)) from error


def decode(content: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """Text of UTF-8 or UTF-16 (with a byte order mark), else of Windows-1252 with a warning.

    Raises:
        TranscriptError: it is empty, or not text at all.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise TranscriptError("is empty.", where=source)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise TranscriptError("is damaged UTF-16.", where=source) from error
    if b"\x00" in content:
        raise TranscriptError("is not text (it holds zero bytes).", where=source)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        place = error.start
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TranscriptError(f"is not text in UTF-8 (byte {place}).", where=source) from error
    return text, (f"It is not UTF-8 (byte {place}), so it was read as Windows-1252.",)
