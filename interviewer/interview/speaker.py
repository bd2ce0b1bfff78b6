"""Who words a move. The speaker sees the move and the conversation, never the key."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from interviewer.interview.move import Move
from interviewer.interview.phrase import find_phrase
from interviewer.interview.terms import terms
from interviewer.prompts.template import render
from interviewer.transcript import Transcript

Wording = Mapping[str, Any]


class Speaker(Protocol):
    """Turns a move into the interviewer's words; `identity` is a canonical string such as `offline@1`."""

    identity: str

    def say(self, move: Move, transcript: Transcript) -> str:
        """What to say. The same move and transcript may be worded anew, so what was said is read from the log."""
        ...

    def say_plainly(self, move: Move) -> str:
        """Authored wording that owes nothing to the conversation or to the question: the last resort."""
        ...


class OfflineSpeaker:
    """Authored wording with variants; which one is taken follows from session and turn.

    Args:
        wording: the data of a `wording@N` prompt.
        field_words: public words of the field; what is picked up from the candidate holds one of them.
        identity: names speaker and wording.
    """

    def __init__(
        self, wording: Wording, field_words: Sequence[str] = (), identity: str = "offline@1+wording@1"
    ) -> None:
        self._wording = wording
        self._field = frozenset(term for text in field_words for term in terms(text))
        self.identity = identity

    def say(self, move: Move, transcript: Transcript) -> str:
        pick = _Pick(f"{transcript.id}/{len(transcript.turns)}")
        if move.kind == "brief":
            return self._brief(move, pick)
        if move.asks:
            return " ".join(part for part in (self._lead(move, transcript, pick), move.question) if part)
        return self._simple(move, pick)

    def say_plainly(self, move: Move) -> str:
        if move.kind == "partial":
            return str(self._wording["pump"][0])
        return str(self._wording["plain"].get(move.competency or "", self._wording["pump"][0]))

    def _brief(self, move: Move, pick: "_Pick") -> str:
        brief = self._wording["brief"]
        rules = render(brief["rules"][move.variant], {"minutes": move.slots["minutes"]})
        return f"{pick(brief['greeting'])}\n\n{move.slots['prompt']}\n\n{rules}\n\n{pick(brief['ask'])}"

    def _lead(self, move: Move, transcript: Transcript, pick: "_Pick") -> str:
        if move.lead in ("", "turn_to"):
            picked_up = self._picked_up(move, transcript, pick)
            if picked_up and (move.lead == "" or pick.coin("lead")):
                return picked_up
            move_on = self._wording["turn_to"].get(move.competency, ()) if move.lead == "turn_to" else ()
            return pick(move_on) if move_on else ""
        return pick(self._wording["lead"][move.lead])

    def _picked_up(self, move: Move, transcript: Transcript, pick: "_Pick") -> str:
        last = transcript.turns[-1] if transcript.turns else None
        if last is None or last.role != "candidate":
            return ""
        phrase = find_phrase(last.text, move.question, self._field, _quoted(transcript))
        return render(pick(self._wording["pick_up"]), {"phrase": phrase}) if phrase else ""

    def _simple(self, move: Move, pick: "_Pick") -> str:
        values = dict(move.slots)
        if move.kind in ("redirect", "clarify", "repeat", "decline", "time_check", "narrow"):
            values["question"] = move.question or self._wording["area_questions"][move.section]
        if move.kind == "narrow" or (move.kind == "clarify" and move.variant == "question"):
            values["area"] = self._wording["areas"][move.section]
        return render(pick(self._variants(move)), values)

    def _variants(self, move: Move) -> Sequence[str]:
        if move.kind == "repeat" and move.variant == "brief":
            found: Sequence[str] = self._wording["repeat_brief"]
        elif move.kind in ("hold", "clarify"):
            found = self._wording[move.kind][move.variant]
        else:
            found = self._wording[move.kind]
        return found


class _Pick:
    """Chooses among variants by a hash of where the conversation stands: varied, and the same on every replay."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __call__(self, variants: Sequence[str]) -> str:
        return str(variants[self._number("variant") % len(variants)])

    def coin(self, name: str) -> bool:
        return self._number(name) % 2 == 0

    def _number(self, name: str) -> int:
        return int.from_bytes(sha256(f"{self._place}/{name}".encode()).digest()[:8], "big")


def _quoted(transcript: Transcript) -> frozenset[str]:
    """Phrases that the interviewer has quoted already, in lower case."""
    said = (turn.text for turn in transcript.turns if turn.role == "interviewer")
    return frozenset(piece.split("”")[0].lower() for text in said for piece in text.split("“")[1:])
