"""What a reader found in a file, before it is known who is who."""

from collections.abc import Sequence

from interviewer.errors import TranscriptError
from interviewer.noun import Noun
from interviewer.transcript import Role, Transcript, Turn

MAX_TURNS = 2000
MAX_TURN_CHARS = 20_000


class Utterance(Noun):
    """What one speaker said; `role` is None where the file gives names only. `line` is 1-based, 0 where unknown."""

    speaker: str
    text: str
    role: Role | None = None
    line: int = 0


class Imported(Noun):
    """A transcript as it came, with what the reader noticed.

    `speakers` maps each name to the role that it was given; `guessed` says that this was a guess.
    """

    transcript: Transcript
    speakers: dict[str, Role]
    guessed: bool
    warnings: tuple[str, ...] = ()


class Draft(Noun):
    """Utterances of one conversation with what the file says about it."""

    id: str
    source: str
    utterances: tuple[Utterance, ...]
    scenario: int | None = None
    warnings: tuple[str, ...] = ()


def merge(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Neighbouring utterances of one speaker as one, joined by a line break; empty ones left out."""
    merged: list[Utterance] = []
    for one in utterances:
        if not one.text.strip():
            continue
        last = merged[-1] if merged else None
        if last and (last.speaker, last.role) == (one.speaker, one.role):
            merged[-1] = last.model_copy(update={"text": f"{last.text}\n{one.text.strip()}"})
        else:
            merged.append(one.model_copy(update={"text": one.text.strip()}))
    return tuple(merged)


def check_size(draft: Draft) -> None:
    """Refuse what is too long to be an interview.

    Raises:
        TranscriptError: more turns or a longer turn than the limits.
    """
    if len(draft.utterances) > MAX_TURNS:
        raise TranscriptError(f"has {len(draft.utterances)} turns; at most {MAX_TURNS} are read.", where=draft.source)
    for number, one in enumerate(draft.utterances):
        if len(one.text) > MAX_TURN_CHARS:
            raise TranscriptError(
                f"turn {number} has {len(one.text)} characters; at most {MAX_TURN_CHARS} are read.",
                where=f"{draft.source}:{one.line}" if one.line else draft.source,
            )


def with_roles(draft: Draft, roles: dict[str, Role]) -> tuple[Turn, ...]:
    """The turns, each speaker in the role given; roles that the file states win."""
    return tuple(Turn(role=one.role or roles[one.speaker], text=one.text) for one in draft.utterances)
