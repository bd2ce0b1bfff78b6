"""The only door to LangChain's chat models: any OpenAI-compatible endpoint as a `LanguageModel`.

Chat Completions always (`use_responses_api=False`, since a model's name would decide otherwise), usage streamed,
address and key explicit, no retries and no time-outs below ours. A reply is complete only when its finish reason was
seen.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from random import Random
from threading import Lock
from typing import Any

from interviewer.errors import (
    ModelBadResponseError,
    ModelError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelTruncatedError,
    ModelUnavailableError,
)
from interviewer.models.endpoint import Endpoint
from interviewer.models.language import Ask, Message, OutputSchema, Reply, Usage, user
from interviewer.models.loop import Loop
from interviewer.models.methods import METHODS, Method, MethodBook
from interviewer.models.openai_sdk import open_transport, secret_of, translate
from interviewer.models.retry import Breaker, call_again
from interviewer.models.structured import UnusableReplyError, parse_object
from interviewer.noun import Noun
from interviewer.prompts.read import read_prompt
from interviewer.prompts.template import render

JSON_MODE = "json_mode@1"
METHOD_PROBE = "method_probe@1"
_PROBE_TOKENS = 200
_STAND_IN = "-"  # takes the place of the messages, which are in the extra body and win over it
_AT_ONCE: tuple[Method, ...] = ("json_schema", "json_mode")


class Ready(Noun):
    """What a model is asked for when it is found out how it gives structured output."""

    ready: bool


class ChatModel:
    """A model on an endpoint; see `LanguageModel`. The client is made at the first call.

    Args:
        methods: remembers how the endpoint gives structured output.
        jitter: spreads the waits between tries.
        tell: is given a sentence when a call has to wait and is tried again.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        methods: MethodBook,
        *,
        jitter: Random,
        tell: Callable[[str], None] = lambda text: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.identity = endpoint.identity
        self.endpoint = endpoint
        self._methods, self._jitter, self._tell = methods, jitter, tell
        self._breaker = Breaker(now)
        self._loop = Loop()
        self._lock = Lock()
        self._finding = Lock()
        self._client: Any = None
        self._transport: Any = None
        self._plain_temperature = False

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        self._breaker.check(self.endpoint.host)
        method = self._method() if ask.output else None
        try:
            yield from self._pieces(ask, method)
        except ModelBadResponseError as error:
            if error.kind != "rejected" or method is None:
                raise
            yield from self._pieces(ask, self._method())  # what was remembered was forgotten: the server has changed

    def _pieces(self, ask: Ask, method: Method | None) -> Iterator[str | Reply]:
        try:
            yield from self._loop.iterate(lambda: self._noted(ask, method))
        except asyncio.CancelledError:
            raise ModelUnavailableError("The client was closed.", where=self.endpoint.host) from None

    def prepare(self) -> None:
        """Make the client now, so that the first reply need not wait for it."""
        self._open()

    def close(self) -> None:
        """Close connections and the thread; the next call opens new ones."""
        with self._lock:
            transport, self._client, self._transport = self._transport, None, None
        # calls first: one that lost its connection would report that and not that it was given up
        self._loop.close(transport.aclose if transport is not None else None)

    # -- structured output

    def _method(self) -> Method:
        with self._finding:  # sixteen judges at once need not find it out sixteen times
            return self._methods.find(self.endpoint) or self.find_method()

    def find_method(self) -> Method:
        """Try the ways to get structured output, best first, and remember the first that works.

        Raises:
            ModelError: none works (`schema`), or the endpoint fails.
        """
        output = OutputSchema.of(Ready)
        question = user(read_prompt(METHOD_PROBE))
        ask = Ask(prompt=METHOD_PROBE, messages=(question,), max_tokens=_PROBE_TOKENS, output=output)
        for method in METHODS:
            try:
                text = self._loop.run(self._last(ask, method)).text
                parse_object(text, Ready)
            except (UnusableReplyError, ModelBadResponseError, ModelTruncatedError) as error:
                if isinstance(error, ModelBadResponseError) and error.kind in ("not_found", "redirect"):
                    raise
                continue
            self._methods.remember(self.endpoint, method)
            return method
        raise ModelBadResponseError(
            f"{self.endpoint.model} gives no structured output in any of the ways that there are.",
            kind="schema",
            where=self.endpoint.host,
            next_step="Choose another model to judge; this one can only talk.",
        )

    async def _last(self, ask: Ask, method: Method) -> Reply:
        async for item in self._noted(ask, method):
            if isinstance(item, Reply):
                return item
        raise ModelBadResponseError("The reply has no end.", kind="incomplete", where=self.endpoint.host)

    # -- one reply

    async def _noted(self, ask: Ask, method: Method | None) -> AsyncIterator[str | Reply]:
        try:
            async for item in self._replies(ask, method):
                yield item
        except ModelError as error:
            self._breaker.note(error)
            raise
        self._breaker.note(None)

    async def _replies(self, ask: Ask, method: Method | None) -> AsyncIterator[str | Reply]:
        """Until the first content a fault may be tried again; from then on what was shown stays as it is."""
        started = await call_again(
            lambda: self._start(ask, method), budget_s=ask.deadlines.total_s, jitter=self._jitter, tell=self._tell
        )
        try:
            async for item in started.items():
                yield item
        finally:
            await started.close()

    async def _start(self, ask: Ask, method: Method | None) -> "_Running":
        try:
            return await self._started(ask, method)
        except ModelBadResponseError as error:
            if error.kind == "rejected" and not self._plain_temperature and "temperature" in error.what:
                self._plain_temperature = True  # a reasoning model takes its default only
                return await self._start(ask, method)
            if error.kind == "rejected" and method:
                self._methods.remember(self.endpoint, None)
            raise

    async def _started(self, ask: Ask, method: Method | None) -> "_Running":
        chat = self._open().bind(**self._options(ask, method))
        # nobody reads along with an object: it comes in one piece, at a fraction of the cost of a stream; but only a
        # stream gives the arguments of a function as the model wrote them
        chunks = _at_once(chat) if method in _AT_ONCE else chat.astream(_STAND_IN)
        running = _Running(chunks, ask, self.endpoint)
        try:
            await running.draw_first()
        except BaseException:
            await running.close()
            raise
        return running

    def _options(self, ask: Ask, method: Method | None) -> dict[str, Any]:
        # what is long goes into the extra body: the client takes that as it is, and walks through everything else at
        # every call, which for a conversation or a schema costs more than sending it
        messages = _with_schema(ask) if method == "json_mode" else ask.messages
        options: dict[str, Any] = {"extra_body": {"messages": _as_rows(messages)}}
        # OpenAI's newer models want max_completion_tokens, which is what LangChain sends; others know max_tokens
        if self.endpoint.is_openai:
            options["max_tokens"] = ask.max_tokens
        else:
            options["extra_body"]["max_tokens"] = ask.max_tokens
        if not self._plain_temperature:
            options["temperature"] = ask.temperature
        if method and ask.output:
            options["extra_body"] |= _output_options(method, ask.output)
        return options

    def _open(self) -> Any:
        with self._lock:
            if self._client is None:
                self._transport = open_transport(self.endpoint)
                self._client = open_client(self.endpoint, self._transport)
            return self._client


async def _at_once(chat: Any) -> AsyncIterator[Any]:
    yield await chat.ainvoke(_STAND_IN)


def open_client(endpoint: Endpoint, transport: Any, **options: Any) -> Any:
    """LangChain's client for an endpoint over a transport of ours, for asynchronous calls; everything explicit."""
    from langchain.chat_models import init_chat_model

    return init_chat_model(
        endpoint.model,
        model_provider="openai",
        base_url=endpoint.base_url,
        api_key=secret_of(endpoint),
        use_responses_api=False,
        stream_usage=True,
        max_retries=0,
        timeout=None,
        stream_chunk_timeout=None,
        http_async_client=transport,
        http_socket_options=(),  # else it makes a client of its own beside ours, and warns where a proxy is set
        **options,
    )


class _Running:
    """A reply under way: its pieces under deadlines on content, what it ended with, and its cost."""

    def __init__(self, chunks: AsyncIterator[Any], ask: Ask, endpoint: Endpoint) -> None:
        self._chunks, self._ask, self._endpoint = chunks, ask, endpoint
        self._deadlines = ask.deadlines
        self._began = asyncio.get_running_loop().time()
        self._due = self._began + self._deadlines.first_s
        self._first = ""
        self._texts: list[str] = []
        self._finish = self._refusal = ""
        self._usage = Usage(calls=1)
        self._ended = False

    async def draw_first(self) -> None:
        """Wait for the first content, or for the end of a reply without any, which is an error."""
        self._first = await self._content()
        if not self._first:
            self._check_end()

    async def items(self) -> AsyncIterator[str | Reply]:
        piece = self._first
        while piece:
            self._texts.append(piece)
            yield piece
            piece = await self._content()
        self._check_end()
        text = "".join(self._texts)
        yield Reply(text=text, finish="tool_calls" if self._finish == "tool_calls" else "stop", usage=self._usage)

    async def close(self) -> None:
        closing = getattr(self._chunks, "aclose", None)
        if closing:
            await closing()

    async def _content(self) -> str:
        """The next piece of content; empty at the end of the reply."""
        while not self._ended:
            chunk = await self._next()
            if chunk is None:
                self._ended = True
            elif text := self._take(chunk):
                self._due = asyncio.get_running_loop().time() + self._deadlines.between_s
                return text
        return ""

    async def _next(self) -> Any:
        until = min(self._due, self._began + self._deadlines.total_s)
        try:
            async with asyncio.timeout_at(until):
                return await anext(self._chunks, None)
        except TimeoutError:
            raise self._late() from None
        except Exception as error:  # noqa: BLE001 - the client lets bare errors of many kinds through
            if type(error).__name__ == "OpenAIRefusalError":
                raise ModelRefusedError("The model declined.", where=self._endpoint.host) from None
            raise translate(error, self._endpoint, [one.text for one in self._ask.messages]) from None

    def _late(self) -> ModelTimeoutError:
        limits = self._deadlines
        if asyncio.get_running_loop().time() >= self._began + limits.total_s:
            what = f"The reply was not complete after {limits.total_s:g} s."
        elif self._texts or self._first:
            what = f"The reply stopped for {limits.between_s:g} s."
        else:
            what = f"No word came for {limits.first_s:g} s."
        return ModelTimeoutError(what, where=self._endpoint.host, next_step="`interviewer doctor` says more.")

    def _take(self, chunk: Any) -> str:
        """The content of a chunk; notes what else it carries."""
        self._finish = chunk.response_metadata.get("finish_reason") or self._finish
        self._refusal += chunk.additional_kwargs.get("refusal") or ""
        if chunk.usage_metadata:
            self._usage = _usage(chunk.usage_metadata)
        called = "".join(call["args"] or "" for call in getattr(chunk, "tool_call_chunks", ()))
        return called or str(chunk.text)

    def _check_end(self) -> None:
        where = self._endpoint.host
        if self._refusal:
            raise ModelRefusedError("The model declined.", where=where)
        if self._finish == "content_filter":
            raise ModelRefusedError("A content filter stopped the reply.", where=where)
        if self._finish == "length":
            raise ModelTruncatedError("The reply ran into its length limit.", where=where)
        if not self._finish:
            what = "The reply broke off: it ended without a finish reason."
            raise ModelBadResponseError(what, kind="incomplete", where=where)
        if not self._texts and not self._first:
            # LangChain does not pass a streamed refusal on: words that never come are how it shows
            raise ModelRefusedError("The model said nothing: it declined, or had no answer.", where=where)


def _output_options(method: Method, output: OutputSchema) -> dict[str, Any]:
    if method == "json_schema":
        described = {"name": output.name, "schema": output.schema_, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": described}}
    if method == "json_mode":
        return {"response_format": {"type": "json_object"}}
    function = {"name": output.name, "description": "Give the answer.", "parameters": output.schema_, "strict": True}
    choice = {"type": "function", "function": {"name": output.name}}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}


def _with_schema(ask: Ask) -> tuple[Message, ...]:
    schema = json.dumps(ask.output.schema_ if ask.output else {}, sort_keys=True)
    return (*ask.messages, user(render(read_prompt(JSON_MODE), {"schema": schema})))


def _as_rows(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": one.author, "content": one.text} for one in messages]


def _usage(counted: Any) -> Usage:
    cached = (counted.get("input_token_details") or {}).get("cache_read") or 0
    return Usage(prompt=counted["input_tokens"], completion=counted["output_tokens"], cached=cached, calls=1)
