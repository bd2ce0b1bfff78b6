"""WebVTT and SRT. The only door to webvtt and srt."""

import html
import io
import re
from collections.abc import Iterable

import srt
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.imported import Draft, Utterance

_NAME = re.compile(r"^\s*[-\u2013]?\s*([^\W\d_][^:\n]{0,39}?):\s+(.*)$", re.DOTALL)
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_SCENARIO = re.compile(r"^NOTE\s+scenario\s*[:#]?\s*(\d{1,4})\s*$", re.IGNORECASE | re.MULTILINE)


def read_vtt(text: str, source: str, name: str) -> Draft:
    """A WebVTT transcript: speakers in voice tags or as `Name: words`; a `NOTE Scenario: 9` block names the drill.

    Raises:
        TranscriptError: it is not WebVTT, or has no cue.
    """
    try:
        cues = webvtt.from_buffer(io.StringIO(text)).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        what = f"is not WebVTT ({error})."
        raise TranscriptError(what, where=source, next_step="Export it again as .vtt.") from error
    found = _SCENARIO.search(text)
    spoken = [(cue.voice or "", html.unescape(_TAG.sub("", cue.text))) for cue in cues]
    return _draft(spoken, source, name, int(found[1]) if found else None)


def read_srt(text: str, source: str, name: str) -> Draft:
    """An SRT transcript, speakers as `Name: words`.

    Raises:
        TranscriptError: it is not SRT, or has no cue.
    """
    try:
        cues = list(srt.parse(text))
    except (srt.SRTParseError, ValueError, OverflowError) as error:
        raise TranscriptError(
            "is not SRT: a cue does not have a number, a time line and text.", where=source
        ) from error
    return _draft((("", html.unescape(_TAG.sub("", cue.content))) for cue in cues), source, name, None)


def _draft(cues: Iterable[tuple[str, str]], source: str, name: str, scenario: int | None) -> Draft:
    """Cues as utterances; one without a name goes on with the last speaker."""
    utterances, speaker = [], ""
    for voice, text in cues:
        named = None if voice else _NAME.match(text)
        speaker = voice.strip() or (named[1].strip() if named else speaker)
        words = " ".join((named[2] if named else text).split())
        if speaker and words:
            utterances.append(Utterance(speaker=speaker, text=words))
    if not utterances:
        raise TranscriptError(
            "has no cue with a speaker.",
            where=source,
            next_step="Cues need a voice tag (<v Name>) or begin with `Name:`.",
        )
    return Draft(id=name, source=source, utterances=_sentences_of_one_turn(utterances), scenario=scenario)


def _sentences_of_one_turn(utterances: list[Utterance]) -> tuple[Utterance, ...]:
    """Cues cut speech anywhere: those of one speaker in a row are one turn, joined by blanks."""
    turns: list[Utterance] = []
    for one in utterances:
        if turns and turns[-1].speaker == one.speaker:
            turns[-1] = one.model_copy(update={"text": f"{turns[-1].text} {one.text}"})
        else:
            turns.append(one)
    return tuple(turns)
