"""The lobby as a LangChain agent: the door to langchain.agents and langchain_core.

The agent loops over calls to the model and to tools until the model says something or starts an interview. Calls are
limited in number and time, tried again in one place, and every error is one of ours.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any, Literal

from interviewer.errors import (
    ModelBadResponseError,
    ModelError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelTruncatedError,
    ModelUnavailableError,
)
from interviewer.models.chat import open_client
from interviewer.models.endpoint import Endpoint
from interviewer.models.language import TURN_DEADLINES, Deadlines, Message, Usage
from interviewer.models.lobby import LobbyReply, LobbyTools
from interviewer.models.loop import Loop
from interviewer.models.openai_sdk import open_transport, translate
from interviewer.models.retry import Breaker, call_again
from interviewer.noun import Noun
from interviewer.prompts.read import read_prompt
from interviewer.rubric import Grade

LOBBY = "lobby@1"
LOBBY_TOOLS = "lobby_tools@1"
MOST_MODEL_CALLS = 6
MOST_TOOL_CALLS = 8
_REPLY_TOKENS = 400
_MINUTES = (5, 120)


class Choice(Noun):
    """The drill that the model started."""

    scenario: int
    title: str
    mode: Literal["real", "coach"] | None
    level: Grade | None
    minutes: int | None


class LobbyAgent:
    """A `LobbyModel` on an endpoint. The client is made at the first call.

    Args:
        jitter: spreads the waits between tries.
        tell: is given a sentence when a call has to wait and is tried again.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        tools: LobbyTools,
        *,
        jitter: Random,
        tell: Callable[[str], None] = lambda text: None,
        now: Callable[[], float] = time.monotonic,
        deadlines: Deadlines = TURN_DEADLINES,
    ) -> None:
        self.endpoint = endpoint
        self._tools, self._jitter, self._tell, self._deadlines = tools, jitter, tell, deadlines
        self._breaker = Breaker(now)
        self._loop = Loop()
        self._client: Any = None
        self._transport: Any = None

    def talk(self, said: Sequence[Message]) -> LobbyReply:
        self._breaker.check(self.endpoint.host)
        try:
            reply = self._loop.run(self._talk(said))
        except asyncio.CancelledError:
            raise ModelUnavailableError("The client was closed.", where=self.endpoint.host) from None
        except ModelError as error:
            self._breaker.note(error)
            raise
        self._breaker.note(None)
        return reply

    def prepare(self) -> None:
        self._loop.run(self._prepare())

    def close(self) -> None:
        """Close connections and the thread; the next call opens new ones."""
        transport, self._transport, self._client = self._transport, None, None
        if transport is not None:
            self._loop.run(transport.aclose())
        self._loop.close()

    async def _prepare(self) -> None:
        import langchain.agents  # noqa: F401 - takes seconds the first time

        self._open_client()

    async def _talk(self, said: Sequence[Message]) -> LobbyReply:
        from langchain.agents.middleware import ModelCallLimitMiddleware
        from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError

        run = _Run(self._tools)
        limit = ModelCallLimitMiddleware(run_limit=MOST_MODEL_CALLS, exit_behavior="error")
        agent = self._open_agent(run, limit)
        asked = [{"role": one.author, "content": one.text} for one in said]
        total_s = self._deadlines.total_s
        try:
            async with asyncio.timeout(total_s):
                state = await agent.ainvoke({"messages": asked})
        except TimeoutError:
            what = f"The reply was not complete after {total_s:g} s."
            raise ModelTimeoutError(what, where=self.endpoint.host) from None
        except ModelCallLimitExceededError:
            what = f"The model called tools {MOST_MODEL_CALLS} times over and said nothing."
            raise ModelBadResponseError(what, kind="endless", where=self.endpoint.host) from None
        return _as_reply(state["messages"][len(asked) :], run.choice)

    def _open_agent(self, run: "_Run", limit: Any) -> Any:
        from langchain.agents import create_agent
        from langchain.agents.middleware import ToolCallLimitMiddleware, before_model, wrap_model_call

        @before_model(can_jump_to=["end"])
        async def end_when_chosen(state: Any, runtime: Any) -> dict[str, Any] | None:
            return {"jump_to": "end"} if run.choice else None

        @wrap_model_call
        async def carefully(request: Any, handler: Any) -> Any:
            return await self._call(lambda: handler(request), [str(one.content) for one in request.messages])

        tool_limit: Any = ToolCallLimitMiddleware(run_limit=MOST_TOOL_CALLS, exit_behavior="continue")
        return create_agent(
            self._open_client(),
            tools=run.tools(),
            system_prompt=read_prompt(LOBBY),
            middleware=[end_when_chosen, limit, tool_limit, carefully],
        )

    def _open_client(self) -> Any:
        """Called in the loop's thread only."""
        if self._client is None:
            room = {"max_tokens": _REPLY_TOKENS}
            options: dict[str, Any] = room if self.endpoint.is_openai else {"extra_body": room}
            self._transport = open_transport(self.endpoint)
            self._client = open_client(self.endpoint, self._transport, **options)
        return self._client

    async def _call(self, call: Callable[[], Awaitable[Any]], asked: Sequence[str]) -> Any:
        """One call to the model, tried again where that may help."""

        async def once() -> Any:
            first_s = self._deadlines.first_s
            try:
                async with asyncio.timeout(first_s):
                    response = await call()
            except TimeoutError:
                raise ModelTimeoutError(f"No word came for {first_s:g} s.", where=self.endpoint.host) from None
            except Exception as error:  # noqa: BLE001 - the client lets bare errors of many kinds through
                raise translate(error, self.endpoint, asked) from None
            self._check_end(response.result[-1])
            return response

        return await call_again(once, budget_s=self._deadlines.total_s, jitter=self._jitter, tell=self._tell)

    def _check_end(self, message: Any) -> None:
        where, finish = self.endpoint.host, message.response_metadata.get("finish_reason")
        if message.additional_kwargs.get("refusal") or finish == "content_filter":
            raise ModelRefusedError("The model declined.", where=where)
        if finish == "length":
            raise ModelTruncatedError("The reply ran into its length limit.", where=where)
        if not message.tool_calls and not str(message.text).strip():
            raise ModelRefusedError("The model said nothing: it declined, or had no answer.", where=where)


class _Run:
    """The tools of one reply, and what they came to."""

    def __init__(self, tools: LobbyTools) -> None:
        self.choice: Choice | None = None
        self._tools = tools

    def tools(self) -> list[Any]:
        from langchain_core.tools import StructuredTool

        described: dict[str, str] = read_prompt(LOBBY_TOOLS)
        calls: dict[str, Callable[..., str]] = {
            "find_scenario": self.find_scenario,
            "list_scenarios": self.list_scenarios,
            "past_results": self.past_results,
            "start_interview": self.start_interview,
        }
        return [
            StructuredTool.from_function(call, name=name, description=described[name]) for name, call in calls.items()
        ]

    def find_scenario(self, words: str) -> str:
        return self._tools.find_scenario(words)

    def list_scenarios(self) -> str:
        return self._tools.list_scenarios()

    def past_results(self) -> str:
        return self._tools.past_results()

    def start_interview(
        self,
        scenario: int,
        mode: Literal["real", "coach"] | None = None,
        level: Grade | None = None,
        minutes: int | None = None,
    ) -> str:
        title = self._tools.find_title(scenario)
        if title is None:
            return f"There is no drill {scenario}; list_scenarios gives the numbers."
        fits = minutes is not None and _MINUTES[0] <= minutes <= _MINUTES[1]
        self.choice = Choice(scenario=scenario, title=title, mode=mode, level=level, minutes=minutes if fits else None)
        return "It starts now."


def _as_reply(messages: Sequence[Any], choice: Choice | None) -> LobbyReply:
    spoken = [one for one in messages if one.type == "ai"]
    usage = sum((_usage(one) for one in spoken), Usage())
    text = str(spoken[-1].text).strip() if spoken else ""
    if choice is None:
        return LobbyReply(text=text, usage=usage)
    return LobbyReply(
        text=text or f"Good, we take drill {choice.scenario}: {choice.title}.",
        scenario=choice.scenario,
        mode=choice.mode,
        level=choice.level,
        minutes=choice.minutes,
        usage=usage,
    )


def _usage(message: Any) -> Usage:
    counted = message.usage_metadata or {}
    cached = (counted.get("input_token_details") or {}).get("cache_read") or 0
    prompt, completion = counted.get("input_tokens", 0), counted.get("output_tokens", 0)
    return Usage(prompt=prompt, completion=completion, cached=cached, calls=1)
