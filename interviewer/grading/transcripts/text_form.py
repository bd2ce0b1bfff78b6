"""Plain text: `Name: words`, or a name with a time on a line of its own and the words below."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.imported import Draft, Utterance

_TIME = r"\[?\(?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\)?\]?"
_SPEAKER = re.compile(rf"^\s*(?:{_TIME}\s+)?([^\W\d_][^:\n]{{0,39}}?)\s*(?:\(\d[\d:.]*\))?:(?:\s+(.*)|\s*)$")
_NAME_AND_TIME = re.compile(r"^\s*([^\W\d_][^:\n]{0,39}?)\s{1,4}\(?\d{1,2}:\d{2}(?::\d{2})?\)?\s*$")
_SCENARIO = re.compile(r"^\s*(?:#+\s*)?scenario\s*[:#]?\s*(\d{1,4})\b", re.IGNORECASE)
_MARKS = re.compile(r"^\s*(?:\*\*|__)(.{1,40}?):?(?:\*\*|__):?\s*")
_KNOWN = {"interviewer", "candidate", "assistant", "user", "applicant", "interviewee"}


def read_text(text: str, source: str, name: str) -> Draft:
    """A transcript in plain text. A first line `Scenario: 9` names the drill.

    Raises:
        TranscriptError: no speaker can be told.
    """
    lines = [_unmarked(line) for line in text.splitlines()]
    scenario, body = _header(lines)
    speakers = _speakers(body)
    utterances = tuple(_utterances(body, speakers, first_line=len(lines) - len(body) + 1))
    if not utterances:
        raise TranscriptError(
            "no speaker can be told in it.",
            where=source,
            next_step="Begin each turn with `Interviewer:` or `Candidate:` (or a name and a colon).",
        )
    return Draft(id=name, source=source, utterances=utterances, scenario=scenario)


def _unmarked(line: str) -> str:
    """`**Candidate:** words` as `Candidate: words`."""
    return _MARKS.sub(lambda found: f"{found[1]}: ", line) if _MARKS.match(line) and ":" in line else line


def _header(lines: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """The scenario that a line before the first turn names, and the lines after it."""
    for place, line in enumerate(lines[:20]):
        found = _SCENARIO.match(line)
        if found:
            return int(found[1]), lines[place + 1 :]
        opening = _SPEAKER.match(line)
        if opening and opening[1].lower() in _KNOWN:
            break
    return None, lines


def _speakers(lines: Sequence[str]) -> frozenset[str]:
    """Names that start turns: well-known ones, and others that do so twice; a colon in a sentence makes no speaker."""
    openings = (_SPEAKER.match(line) or _NAME_AND_TIME.match(line) for line in lines)
    starts = Counter(found[1].strip() for found in openings if found)
    known = {name for name in starts if name.lower() in _KNOWN}
    if known:
        return frozenset(known)
    likely = {name for name, count in starts.items() if len(name.split()) <= 4 and (count >= 2 or len(starts) <= 2)}
    return frozenset(likely)


def _utterances(lines: Sequence[str], speakers: frozenset[str], first_line: int) -> Iterator[Utterance]:
    speaker, said, start = "", list[str](), 0
    for number, line in enumerate(lines, start=first_line):
        found = _SPEAKER.match(line) or _NAME_AND_TIME.match(line)
        if found and found[1].strip() in speakers:
            if speaker:
                yield Utterance(speaker=speaker, text="\n".join(said).strip(), line=start)
            rest = found[2] if found.re is _SPEAKER and found[2] else ""
            speaker, said, start = found[1].strip(), [rest], number
        elif speaker:
            said.append(line)
    if speaker:
        yield Utterance(speaker=speaker, text="\n".join(said).strip(), line=start)
