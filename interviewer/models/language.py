"""Language models: what they are asked, what comes back, and the one method that every one of them has."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field

from interviewer.errors import ModelBadResponseError
from interviewer.noun import Noun

Author = Literal["system", "user", "assistant"]
Finish = Literal["stop", "tool_calls"]


class Message(Noun):
    """A message of a prompt, as the chat protocol knows it; `user` is whoever is not the model."""

    author: Author
    text: str


class Deadlines(Noun):
    """Seconds of wall-clock time: for the whole reply, until its first content, and between two pieces of content.

    Content is text of the reply: headers, keep-alive comments and empty pieces do not count.
    """

    total_s: float = Field(default=60.0, gt=0)
    first_s: float = Field(default=20.0, gt=0)
    between_s: float = Field(default=15.0, gt=0)


TURN_DEADLINES = Deadlines()
GRADE_DEADLINES = Deadlines(total_s=180.0, first_s=120.0, between_s=60.0)


class OutputSchema(Noun):
    """The JSON object that is asked for: a name of letters, digits and `_`, and a JSON schema."""

    name: str
    schema_: dict[str, Any] = Field(alias="schema")

    @classmethod
    def of(cls, noun: type[Noun]) -> "OutputSchema":
        """The schema of a noun; every field is required, as strict endpoints want it."""
        return cls(name=noun.__name__, schema=_strict(noun.model_json_schema()))


class Ask(Noun):
    """One request. `prompt` names the prompts that the messages were rendered from (`judge@1`), for the record.

    `max_tokens` bounds the reply. With a `schema_` the reply is the text of a JSON object, which nobody has checked.
    """

    prompt: str
    messages: tuple[Message, ...] = Field(min_length=1)
    max_tokens: int = Field(ge=1)
    deadlines: Deadlines = TURN_DEADLINES
    temperature: float = Field(default=0.0, ge=0.0, le=2.0)
    output: OutputSchema | None = None


class Usage(Noun):
    """Tokens as the endpoint counted them, and calls; `cached` are those prompt tokens that it had seen before."""

    prompt: int = Field(default=0, ge=0)
    completion: int = Field(default=0, ge=0)
    cached: int = Field(default=0, ge=0)
    calls: int = Field(default=0, ge=0)

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            prompt=self.prompt + other.prompt,
            completion=self.completion + other.completion,
            cached=self.cached + other.cached,
            calls=self.calls + other.calls,
        )

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion


class Reply(Noun):
    """A complete reply: one whose finish reason was seen."""

    text: str
    finish: Finish = "stop"
    usage: Usage = Usage()


class LanguageModel(Protocol):
    """A model behind an endpoint, or a double; `identity` is a canonical string such as `openai:NAME`.

    Safe to share among threads.
    """

    identity: str

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        """Pieces of the reply as they come, then the `Reply` itself, once, as the last item.

        Nothing is asked before the first item is drawn. Closing the iterator gives the call up.

        Raises:
            ModelError: one of its kinds, and nothing else; pieces drawn before stay valid as what was said so far.
        """
        ...


def complete(model: LanguageModel, ask: Ask) -> Reply:
    """The whole reply at once.

    Raises:
        ModelError: as `respond`.
    """
    for piece in model.respond(ask):
        if isinstance(piece, Reply):
            return piece
    raise ModelBadResponseError("The reply has no end.", kind="incomplete", where=model.identity)


def system(text: str) -> Message:
    return Message(author="system", text=text)


def user(text: str) -> Message:
    return Message(author="user", text=text)


def assistant(text: str) -> Message:
    return Message(author="assistant", text=text)


def characters(messages: Sequence[Message]) -> int:
    """Length of all texts, for estimates."""
    return sum(len(one.text) for one in messages)


def _strict(schema: Any) -> Any:
    """The same schema with every property required and no others allowed, titles left out."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _strict(value) for name, value in schema.items() if name not in ("title", "default")}
    if kept.get("type") == "object" and isinstance(schema.get("properties"), dict):
        kept["properties"] = {name: _strict(value) for name, value in schema["properties"].items()}
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept
