"""What a judge that reads is shown of a transcript: what cannot be evidence is left out, so that it cannot persuade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interviewer.grading.evidence import Ground, Span
from interviewer.grading.flags import HIDDEN, set_aside
from interviewer.grading.sentences import Sentence, candidate_sentences, split_sentences
from interviewer.rubric import Rubric
from interviewer.transcript import Role, Transcript

LEFT_OUT = "[...]"


@dataclass(frozen=True)
class Shown:
    """A turn as it is shown."""

    turn: int
    role: Role
    text: str


@dataclass(frozen=True)
class Reading:
    """A transcript prepared for judging: what is shown, and what may be quoted.

    `said` tells whether the candidate said anything, `left` whether anything of it is left to judge.
    """

    turns: tuple[Shown, ...]
    ground: Ground
    said: bool
    left: bool


def read_for_judging(transcript: Transcript, rubric: Rubric, key_texts: Iterable[str]) -> Reading:
    """Leave out what `set_aside` names in the candidate's turns, and what gives orders in the interviewer's.

    Args:
        key_texts: wordings that a candidate could only recite, as in `set_aside`.
    """
    sentences = candidate_sentences(transcript)
    aside = set_aside(sentences, transcript, key_texts)
    asked = tuple(
        one
        for index, turn in enumerate(transcript.turns)
        if turn.role == "interviewer"
        for one in split_sentences(turn.text, index)
    )
    orders = {place for place, why in set_aside(asked, transcript, ()).items() if why == "instruction"}
    kept = [one for place, one in enumerate(sentences) if place not in aside]
    shown = _by_turn(kept + [one for place, one in enumerate(asked) if place not in orders])
    barred = _by_turn([one for place, one in enumerate(sentences) if place in aside])
    return Reading(
        turns=tuple(
            Shown(index, turn.role, _assemble(turn.text, shown.get(index, ())))
            for index, turn in enumerate(transcript.turns)
        ),
        ground=Ground(transcript, sentences, {turn: _spans(found) for turn, found in barred.items()}),
        said=bool(sentences),
        left=bool(kept),
    )


def _by_turn(sentences: Sequence[Sentence]) -> dict[int, list[Sentence]]:
    found: dict[int, list[Sentence]] = {}
    for one in sentences:
        found.setdefault(one.turn, []).append(one)
    return found


def _spans(sentences: Sequence[Sentence]) -> list[Span]:
    return [(one.start, one.end) for one in sentences]


def _assemble(text: str, kept: Sequence[Sentence]) -> str:
    """The kept sentences with what stands between them; a mark wherever words were left out."""
    pieces: list[str] = []
    end = 0
    for one in kept:
        pieces.append(_between(text[end : one.start]))
        pieces.append(one.text)
        end = one.end
    pieces.append(_between(text[end:]))
    return HIDDEN.sub("", "".join(pieces)).strip()


def _between(text: str) -> str:
    return f" {LEFT_OUT} " if any(letter.isalnum() for letter in text) else text
