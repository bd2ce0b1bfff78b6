"""Models that need no endpoint: one that follows a script, and one that believes whatever it reads."""

import re
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from interviewer.errors import ModelBadResponseError, ModelError
from interviewer.models.language import Ask, LanguageModel, Reply, Usage

Line = str | ModelError
_PIECE = 12
_CHARS_PER_TOKEN = 4


class ScriptedModel:
    """Answers from a script: a list of lines in order, or a function of the ask. An error in it is raised.

    `asked` keeps what it was asked. Usage is counted as a token for four characters.
    """

    def __init__(self, script: Sequence[Line] | Callable[[Ask], Line], identity: str = "scripted:1") -> None:
        self.identity = identity
        self.asked: list[Ask] = []
        self._script = script
        self._lock = Lock()

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        line = self._next(ask)
        if isinstance(line, ModelError):
            raise line
        for start in range(0, len(line), _PIECE):
            yield line[start : start + _PIECE]
        prompt = sum(len(one.text) for one in ask.messages) // _CHARS_PER_TOKEN
        usage = Usage(prompt=prompt, completion=len(line) // _CHARS_PER_TOKEN, calls=1)
        yield Reply(text=line, usage=usage)

    def _next(self, ask: Ask) -> Line:
        with self._lock:
            place = len(self.asked)
            self.asked.append(ask)
        if callable(self._script):
            return self._script(ask)
        if place >= len(self._script):
            raise ModelBadResponseError("The script has no further line.", kind="incomplete", where=self.identity)
        return self._script[place]


class GullibleModel:
    """A model that obeys: where a prompt holds an instruction to whoever reads it, it does as told.

    The worst case for everything that judges or speaks: what holds with it holds by code and not by good will. For an
    obeyed instruction it answers with what `obey` makes of the ask; otherwise `honest` answers.

    Args:
        obey: ask and the instruction found in it -> reply.
        found_in: which text of an ask it believes in, e.g. only what the candidate said; the last message by default.
    """

    def __init__(
        self,
        honest: LanguageModel,
        obey: Callable[[Ask, str], str],
        found_in: Callable[[Ask], str] = lambda ask: ask.messages[-1].text,
    ) -> None:
        self.identity = f"gullible:{honest.identity}"
        self.obeyed: list[str] = []
        self._honest, self._obey, self._found_in = honest, obey, found_in

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        order = _ORDER.search(self._found_in(ask))
        if order is None:
            yield from self._honest.respond(ask)
            return
        self.obeyed.append(order.group())
        text = self._obey(ask, order.group())
        yield text
        yield Reply(text=text, usage=Usage(prompt=1, completion=1, calls=1))


_ORDER = re.compile(
    r"""\b(?:ignore|disregard|forget|override|reveal|repeat|print|list|swap|pretend)\b[^.!?\n]*
    |\b(?:give|award|mark|grade|score|rate|set|count|treat)\b[^.!?\n]{0,60}\b(?:full|top|max\w*|5|five|met|all|every)\b[^.!?\n]*
    |\b(?:final\s+grade|verdict|score|level)\s*["']?\s*[:=][^.!?\n]*
    |\bend\s+of\s+transcript\b[^.!?\n]*
    |\bnote\s+(?:from|to)\b[^.!?\n]*|\bmy\s+answer\s+demonstrates\b[^.!?\n]*
    |\bpre-?approved\b[^.!?\n]*|\balready\s+verified\b[^.!?\n]*""",
    re.IGNORECASE | re.VERBOSE,
)
