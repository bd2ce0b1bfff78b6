"""An utterance as it is made: worded by a model where there is one, checked sentence by sentence, else in our words."""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from interviewer.errors import ModelError
from interviewer.interview.cue import Observation, Wording, brief_of, build_cue, is_authored_only
from interviewer.interview.leak import LeakGuard, is_exempt
from interviewer.interview.manners import find_fault
from interviewer.interview.move import Move
from interviewer.interview.plan import Plan
from interviewer.interview.speaker import Speaker
from interviewer.interview.voice import Voice
from interviewer.models.language import Reply
from interviewer.noun import Noun
from interviewer.transcript import Transcript

MOST_WORDS = 80
MOST_BRIEF_WORDS = 260
_SENTENCE = re.compile(r".*?(?:[.!?][\"')\]”’]*(?=\s)|\n)\s*", re.DOTALL)
_LETTER = re.compile(r"\s*([AB])\s*[:.)]\s*")
_LETTER_CHARS = 4
_QUIET = frozenset({"hold", "pump"})


class Spoken(Noun):
    """An utterance that is over; the fields as in `InterviewerSaid`. `second` says that it worded the second move."""

    text: str
    by: str
    held_back: str = ""
    trouble: str = ""
    interrupted: bool = False
    tokens: int = 0
    second: bool = False


class Stage(Protocol):
    """What speaking needs of a cast."""

    @property
    def plan(self) -> Plan: ...
    @property
    def speaker(self) -> Speaker: ...
    @property
    def guard(self) -> LeakGuard: ...
    @property
    def voice(self) -> "ModelledVoice | None": ...


@dataclass(frozen=True)
class ModelledVoice:
    """A voice with the authored data that its cues are made of: `moves@N` and `wording@N`."""

    voice: Voice
    moves: Wording
    wording: Wording


@dataclass
class SentenceGate:
    """Lets an utterance through sentence by sentence, single blanks between; what may not be said is kept and counted.

    After a leak nothing more comes through. A second question and what follows it, praise, verdicts and more than
    `most` words are left out.
    """

    guard: LeakGuard
    transcript: Transcript
    most: int
    checks_manners: bool
    checks_leaks: bool
    may_decline: bool = False
    shown: str = ""
    held_back: list[str] = field(default_factory=list)
    leaked: bool = False
    _waiting: str = ""

    @property
    def has_asked(self) -> bool:
        return "?" in self.shown

    def feed(self, piece: str) -> str:
        """What may be shown after this piece; empty while a sentence is not complete."""
        self._waiting += piece
        freed = ""
        while match := _SENTENCE.match(self._waiting):
            self._waiting = self._waiting[match.end() :]
            freed += self._pass(match.group())
        return freed

    def finish(self) -> str:
        """What is left when the reply is over."""
        rest, self._waiting = self._waiting, ""
        return self._pass(rest) if rest.strip() else ""

    def _pass(self, sentence: str) -> str:
        plain = " ".join(sentence.split())
        if not plain or self.leaked or self._why_not(plain):
            return ""
        piece = f" {plain}" if self.shown else plain
        self.shown += piece
        return piece

    def _why_not(self, sentence: str) -> str:
        why = ""
        if self.checks_leaks and (leak := self.guard.find_leak(self._in_context(sentence), self.transcript)):
            self.leaked, why = True, f"leak: {leak}"
        elif self.checks_manners and self.has_asked:
            why = "second question" if "?" in sentence else "words after the question"
        elif self.checks_manners and sentence.count("?") > 1:
            why = "second question"
        elif len(f"{self.shown} {sentence}".split()) > self.most:
            why = "too long"
        elif self.checks_manners and (fault := find_fault(sentence)) and not (self.may_decline and fault == "verdict"):
            why = fault
        if why:
            self.held_back.append(why)
        return why

    def _in_context(self, sentence: str) -> str:
        """The sentence with the end of what was said before, so that no key text hides across a full stop."""
        return " ".join([*self.shown.split()[-8:], sentence])


@dataclass
class Choice:
    """Takes the letter off an utterance that was to begin with `A:` or `B:`; without one it is A."""

    is_offered: bool
    is_second: bool = False
    _waiting: str = ""
    _decided: bool = False

    def feed(self, piece: str) -> str:
        if self._decided or not self.is_offered:
            return piece
        self._waiting += piece
        return self._decide() if len(self._waiting.lstrip()) >= _LETTER_CHARS else ""

    def finish(self) -> str:
        return "" if self._decided or not self.is_offered else self._decide()

    def _decide(self) -> str:
        self._decided = True
        letter = _LETTER.match(self._waiting)
        self.is_second = bool(letter and letter.group(1) == "B")
        return self._waiting[letter.end() :] if letter else self._waiting


def speak(
    move: Move, transcript: Transcript, stage: Stage, earned: Sequence[Observation], second: Move | None = None
) -> Generator[str, None, Spoken]:
    """Pieces of the utterance as they may be shown; the generator's value tells whose words they were.

    Args:
        second: what a model may ask where the candidate's last message has answered the question of `move`.

    Where the model fails before a word is shown, the authored wording takes its place; where it breaks off, what was
    shown stays, marked, and the authored question follows.
    """
    if stage.voice is None or is_authored_only(move):
        return (yield from _authored(move, transcript, stage))
    return (yield from _modelled(move, second, transcript, stage, stage.voice, earned))


def _authored(move: Move, transcript: Transcript, stage: Stage) -> Generator[str, None, Spoken]:
    text, held_back = _word(move, transcript, stage)
    yield from pieces(text)
    return Spoken(text=text, by=stage.speaker.identity, held_back=held_back)


def _word(move: Move, transcript: Transcript, stage: Stage) -> tuple[str, str]:
    """The authored words of a move and, where the first choice was held back, why."""
    text = stage.speaker.say(move, transcript)
    if is_exempt(move) or not (why := stage.guard.find_leak(text, transcript)):
        return text, ""
    bare = move.question
    if bare and not stage.guard.find_leak(bare, transcript):
        return bare, why
    return stage.speaker.say_plainly(move), why


def _modelled(
    move: Move,
    second: Move | None,
    transcript: Transcript,
    stage: Stage,
    modelled: ModelledVoice,
    earned: Sequence[Observation],
) -> Generator[str, None, Spoken]:
    gate = _gate(move, transcript, stage)
    cue = build_cue(move, stage.plan, earned, modelled.moves, modelled.wording, second)
    choice = Choice(is_offered=cue.has_second)
    reply: Reply | None = None
    trouble = ""
    try:
        for item in modelled.voice.words(cue, brief_of(stage.plan), transcript):
            if isinstance(item, Reply):
                reply = item
            elif freed := gate.feed(choice.feed(item)):
                yield freed
        if freed := gate.feed(choice.finish()) + gate.finish():
            yield freed
    except ModelError as error:
        trouble = str(error)
    tokens = reply.usage.tokens if reply else 0
    held_back = "; ".join(gate.held_back)
    if not gate.shown:
        spoken = yield from _authored(move, transcript, stage)
        noted = {"held_back": spoken.held_back or held_back, "trouble": trouble, "tokens": tokens}
        return spoken.model_copy(update=noted)
    if second is not None and choice.is_second:
        move = second
    added = yield from _completed(move, transcript, stage, modelled, gate, interrupted=bool(trouble))
    return Spoken(
        text=gate.shown + added,
        by=modelled.voice.identity,
        held_back=held_back,
        trouble=trouble,
        interrupted=bool(trouble),
        tokens=tokens,
        second=choice.is_second,
    )


def _completed(
    move: Move, transcript: Transcript, stage: Stage, modelled: ModelledVoice, gate: SentenceGate, *, interrupted: bool
) -> Generator[str, None, str]:
    """What the model's words still need: rules and first question after a brief, the question where none was asked."""
    parts = [str(modelled.moves["interrupted"])] if interrupted else []
    if move.kind == "brief":
        parts.append(_rules_and_ask(move, modelled.wording))
    elif not gate.has_asked and move.kind not in _QUIET:
        parts.append(_bare(move, transcript, stage))
    text = "\n\n".join(part for part in parts if part)
    if text and gate.shown:
        text = ("\n\n" if interrupted or move.kind == "brief" else " ") + text
    yield from pieces(text)
    return text


def _bare(move: Move, transcript: Transcript, stage: Stage) -> str:
    """The authored question by itself; for a move without one, its authored wording."""
    if move.question and not stage.guard.find_leak(move.question, transcript):
        return move.question
    return _word(move, transcript, stage)[0]


def _rules_and_ask(move: Move, wording: Wording) -> str:
    """The rules of the interview are told in the authored words, whoever speaks."""
    brief = wording["brief"]
    rules = str(brief["rules"][move.variant]).replace("{minutes}", move.slots["minutes"])
    return f"{rules}\n\n{brief['ask'][0]}"


def _gate(move: Move, transcript: Transcript, stage: Stage) -> SentenceGate:
    is_brief = move.kind == "brief"
    return SentenceGate(
        guard=stage.guard,
        transcript=transcript,
        most=MOST_BRIEF_WORDS if is_brief else MOST_WORDS,
        checks_manners=not is_brief,
        checks_leaks=not is_exempt(move),
        may_decline=move.kind == "decline" or move.lead in ("no_answer", "no_verdict"),
    )


def pieces(text: str) -> Iterator[str]:
    """The text word by word, blanks kept: put together they are the text."""
    start = 0
    for place, letter in enumerate(text):
        if letter in " \n" and place + 1 < len(text) and text[place + 1] not in " \n":
            yield text[start : place + 1]
            start = place + 1
    if text:
        yield text[start:]
