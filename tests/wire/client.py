"""The model client as the wire tests use it: waits of no length, short deadlines, and what came of a call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from pydantic import SecretStr

from interviewer.errors import ModelError
from interviewer.models.chat import ChatModel
from interviewer.models.endpoint import Endpoint
from interviewer.models.language import Ask, Deadlines, Reply, system, user
from interviewer.models.methods import MethodBook

KEY = "sk-wire-0123456789-secret"
PATIENT = Deadlines(total_s=30.0, first_s=20.0, between_s=20.0)
SHORT = Deadlines(total_s=20.0, first_s=0.3, between_s=0.3)
SAID = "CANDIDATE-WORDS-9c41"


class NoWait(Random):
    """Jitter that never waits."""

    def uniform(self, a: float, b: float) -> float:
        return 0.0


class Outcome(NamedTuple):
    """What a call came to: pieces that were shown, the reply or None, the error or None."""

    pieces: list[str]
    reply: Reply | None
    error: ModelError | None

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def endpoint_of(url: str, *, key: str | None = KEY, model: str = "stub", proxy: str | None = None) -> Endpoint:
    return Endpoint(model=model, base_url=url, key=SecretStr(key) if key else None, proxy=proxy)


@contextmanager
def opened(
    endpoint: Endpoint | str,
    methods: MethodBook | None = None,
    *,
    tell: Callable[[str], None] = lambda text: None,
    now: Callable[[], float] = lambda: 0.0,
) -> Iterator[ChatModel]:
    """A model client for the length of a block."""
    where = endpoint_of(endpoint) if isinstance(endpoint, str) else endpoint
    model = ChatModel(where, methods or MethodBook(), jitter=NoWait(), tell=tell, now=now)
    try:
        yield model
    finally:
        model.close()


def an_ask(deadlines: Deadlines = PATIENT, *, max_tokens: int = 50, temperature: float = 0.0) -> Ask:
    return Ask(
        prompt="wire@1",
        messages=(system("Be brief."), user(f"{SAID} The pipeline is red.")),
        max_tokens=max_tokens,
        deadlines=deadlines,
        temperature=temperature,
    )


def outcome(model: ChatModel, ask: Ask | None = None) -> Outcome:
    """Draw a reply to its end, good or bad."""
    pieces: list[str] = []
    try:
        for item in model.respond(ask or an_ask()):
            if isinstance(item, Reply):
                return Outcome(pieces, item, None)
            pieces.append(item)
    except ModelError as error:
        return Outcome(pieces, None, error)
    return Outcome(pieces, None, None)
