"""A language model that words moves. It sees brief, conversation and cue; its types have no room for the key."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Protocol

from interviewer.errors import ModelRequestTooLargeError
from interviewer.interview.cue import Brief, Cue, Wording
from interviewer.models.language import (
    TURN_DEADLINES,
    Ask,
    Deadlines,
    LanguageModel,
    Message,
    Reply,
    assistant,
    system,
    user,
)
from interviewer.prompts.template import render
from interviewer.transcript import Transcript

INTERVIEWER = "interviewer@1"
MOVES = "moves@1"
TURN_TOKENS = 400
_FIRST_KEPT, _LAST_KEPT = 2, 6


class Voice(Protocol):
    """Words a cue as it comes; `identity` names model and prompts (`openai:NAME+interviewer@1+moves@1`)."""

    identity: str

    def words(self, cue: Cue, brief: Brief, transcript: Transcript) -> Iterator[str | Reply]:
        """Pieces of the utterance, then the whole reply, in exactly one call to the model.

        Raises:
            ModelError: what the model could not do; pieces drawn before stay valid.
        """
        ...


class ModelVoice:
    """Asks a language model.

    The prompt is laid out for prefix caches: rules and brief first, the same bytes all interview long, the conversation
    only ever added to, the move last.

    Args:
        template: the text of an `interviewer@N` prompt.
        moves: the data of a `moves@N` prompt.
        secret: makes the mark of a move something that no candidate can guess.
    """

    def __init__(
        self, model: LanguageModel, template: str, moves: Wording, *, secret: str, deadlines: Deadlines = TURN_DEADLINES
    ) -> None:
        self.identity = f"{model.identity}+{INTERVIEWER}+{MOVES}"
        self._model, self._template, self._moves = model, template, moves
        self._secret, self._deadlines = secret, deadlines

    def words(self, cue: Cue, brief: Brief, transcript: Transcript) -> Iterator[str | Reply]:
        try:
            yield from self._model.respond(self._ask(self.messages(cue, brief, transcript)))
        except ModelRequestTooLargeError:
            if len(transcript.turns) <= _FIRST_KEPT + _LAST_KEPT:
                raise
            yield from self._model.respond(self._ask(self.messages(cue, brief, transcript, shortened=True)))

    def messages(
        self, cue: Cue, brief: Brief, transcript: Transcript, *, shortened: bool = False
    ) -> tuple[Message, ...]:
        """The prompt: one system message, then user and assistant by turns, the last one the user's."""
        mark = self._mark(transcript)
        rules = render(
            self._template,
            {
                "title": brief.title,
                "prompt": brief.prompt,
                "minutes": str(brief.minutes),
                "level": brief.level,
                "mark": mark,
            },
        )
        move = f"{mark} {cue.instruction}"
        conversation = self._conversation(transcript, shortened)
        return (system(rules), *_close(conversation, move, str(self._moves["hint_asked"])))

    def _conversation(self, transcript: Transcript, shortened: bool) -> list[Message]:
        turns = list(transcript.turns)
        said = [assistant(one.text) if one.role == "interviewer" else user(one.text) for one in turns]
        if shortened:
            said = [*said[:_FIRST_KEPT], user(str(self._moves["shortened"])), *said[-_LAST_KEPT:]]
        return _alternating(said, str(self._moves["joined"]), str(self._moves["hint_asked"]))

    def _mark(self, transcript: Transcript) -> str:
        return f"move {sha256(f'{self._secret}/{transcript.id}'.encode()).hexdigest()[:8]}:"

    def _ask(self, messages: tuple[Message, ...]) -> Ask:
        return Ask(
            prompt=f"{INTERVIEWER}+{MOVES}",
            messages=messages,
            max_tokens=TURN_TOKENS,
            deadlines=self._deadlines,
            temperature=0.3,
        )


def _alternating(said: Sequence[Message], joined: str, hint_asked: str) -> list[Message]:
    """User and assistant by turns, a user first: some servers refuse anything else."""
    found = [user(joined)]
    for message in said:
        last = found[-1]
        if message.author == last.author == "user":
            found[-1] = user(f"{last.text}\n\n{message.text}")
        elif message.author == last.author:
            found += [user(hint_asked), message]
        else:
            found.append(message)
    return found


def _close(messages: Sequence[Message], move: str, hint_asked: str) -> list[Message]:
    """The move at the very end: below the candidate's words, or below their request for a hint."""
    last = messages[-1]
    if last.author == "user":
        return [*messages[:-1], user(f"{last.text}\n\n{move}")]
    return [*messages, user(f"{hint_asked}\n\n{move}")]
