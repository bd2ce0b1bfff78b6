"""Examines an endpoint: what it offers, whether it replies, counts, gives structured output, and how much it reads."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from interviewer.errors import (
    ModelBadResponseError,
    ModelError,
    ModelRequestTooLargeError,
    ModelTruncatedError,
)
from interviewer.models.chat import ChatModel
from interviewer.models.checks import Check, Mark, check_key, check_way
from interviewer.models.language import GRADE_DEADLINES, Ask, Deadlines, Reply, complete, user
from interviewer.models.openai_sdk import list_models
from interviewer.prompts.read import read_prompt
from interviewer.prompts.template import render

REPLY_PROBE = "reply_probe@1"
WINDOW_PROBE = "window_probe@1"
WINDOW_TOKENS = 9_000
_SMALL_TOKENS = 1_000
_REPLY_TOKENS = 400
_CUT_BELOW = 0.97
_SLOW_S = 5.0
_NAMES_SHOWN = 5


class _Sheet(NamedTuple):
    """A prompt that was sent: its tokens by our count and by the endpoint's."""

    ours: int
    counted: int


class Doctor:
    """Examines one model; draw `examine` for the rows as they come. It costs a few calls.

    Args:
        window_tokens: how long a prompt is tried, by our count; 0 tries none.
        nonce: a text of its own for each examination, lest a server answers from its cache and counts less.
        now: seconds, never going back.
    """

    def __init__(
        self,
        model: ChatModel,
        *,
        count_tokens: Callable[[str], int],
        now: Callable[[], float],
        nonce: str,
        window_tokens: int = WINDOW_TOKENS,
        deadlines: Deadlines = GRADE_DEADLINES,
    ) -> None:
        self._model, self._endpoint = model, model.endpoint
        self._count_tokens, self._now, self._nonce = count_tokens, now, nonce
        self._window_tokens, self._deadlines = window_tokens, deadlines
        self._plain: Reply | None = None

    def examine(self) -> Iterator[Check]:
        """The rows, one after another; those that would only repeat a fault are left out."""
        key = check_key(self._endpoint)
        yield key
        if key.mark == "fail":
            return
        yield check_way(self._endpoint)
        listed = self._look_at_models()
        yield listed
        if listed.mark == "fail":
            return
        replied = self._look_at_reply()
        yield replied
        if replied.mark == "fail":
            return
        yield self._look_at_usage()
        yield self._look_at_structure()
        if self._window_tokens:
            yield self._look_at_window()

    def _look_at_models(self) -> Check:
        name, wanted = "models", self._endpoint.model
        try:
            offered = list_models(self._endpoint)
        except ModelBadResponseError as error:
            if error.kind == "redirect":
                return _failed(name, error)
            what = f"{self._endpoint.base_url} answers but does not list its models."
            return Check(name=name, mark="warn", what=what, next_step="Does the base URL end in /v1?")
        except ModelError as error:
            return _failed(name, error)
        if wanted in offered:
            return Check(name=name, mark="ok", what=f"{wanted} is one of {len(offered)} at {self._endpoint.base_url}.")
        near = get_close_matches(wanted, offered, n=_NAMES_SHOWN, cutoff=0.4) or list(offered[:_NAMES_SHOWN])
        names = ", ".join(f"openai:{one}" for one in near)
        step = f"Set INTERVIEWER_MODEL to one of: {names}." if near else "Load one there first (`ollama pull NAME`)."
        what = f"{wanted} is not one of the {len(offered)} at {self._endpoint.base_url}."
        return Check(name=name, mark="warn", what=what, next_step=step)

    def _look_at_reply(self) -> Check:
        question = user(read_prompt(REPLY_PROBE))
        ask = Ask(prompt=REPLY_PROBE, messages=(question,), max_tokens=_REPLY_TOKENS, deadlines=self._deadlines)
        self._model.prepare()
        began, first = self._now(), 0.0
        try:
            for item in self._model.respond(ask):
                first = first or self._now() - began
                self._plain = item if isinstance(item, Reply) else None
        except ModelTruncatedError:
            what = f"the reply to one short question ran past {_REPLY_TOKENS} tokens."
            step = "A model that thinks aloud needs its thinking switched off, or another model."
            return Check(name="reply", mark="warn", what=what, next_step=step)
        except ModelError as error:
            return _failed("reply", error)
        slow: Mark = "warn" if first > _SLOW_S else "ok"
        step = "A smaller model, or one kept in memory, answers sooner." if slow == "warn" else ""
        return Check(
            name="reply", mark=slow, what=f"streamed; the first words came after {first:.1f} s.", next_step=step
        )

    def _look_at_usage(self) -> Check:
        if self._plain is None or not self._plain.usage.prompt:
            what = "tokens are not counted by the endpoint, so cost limits go by estimates."
            return Check(name="usage", mark="warn", what=what, next_step="A newer version of the server may count.")
        return Check(name="usage", mark="ok", what="tokens are counted by the endpoint.")

    def _look_at_structure(self) -> Check:
        name = "structured output"
        try:
            method = self._model.find_method()
        except ModelError as error:
            return _failed(name, error)
        return Check(name=name, mark="ok", what=f"by {method}; remembered.")

    # -- how much it reads

    def _look_at_window(self) -> Check:
        """Two sheets, one short and one long: what the long one should count follows from the short one.

        So it holds for any tokenizer. Ollama, say, cuts a prompt to its window without a word.
        """
        tokens = self._window_tokens
        try:
            short = self._read_sheet("short", min(_SMALL_TOKENS, tokens // 2))
            long = self._read_sheet("long", tokens)
        except ModelRequestTooLargeError:
            return self._cut("fail", f"a prompt of {tokens:,} tokens is refused: it is longer than the window.")
        except ModelTruncatedError:
            return self._cut("warn", f"with a prompt of {tokens:,} tokens the reply has no room left.")
        except ModelError as error:
            return _failed("window", error)
        if not short.counted or not long.counted:
            return self._cut("warn", "cannot be measured, since the endpoint does not count tokens.")
        overhead = self._plain.usage.prompt if self._plain else 0
        rate = max((short.counted - overhead) / short.ours, 0.0)
        if long.counted < _CUT_BELOW * (overhead + rate * long.ours):
            return self._cut("fail", f"the endpoint cuts prompts silently at about {long.counted:,} tokens.")
        if rate < 0.5:
            return self._cut("fail", f"the endpoint cuts prompts silently at about {short.counted:,} tokens.")
        what = f"a prompt of {tokens:,} tokens arrives whole ({long.counted:,} by the endpoint's count)."
        return Check(name="window", mark="ok", what=what)

    def _read_sheet(self, sheet: str, tokens: int) -> _Sheet:
        per_line = self._count_tokens(_lines(100)) / 100
        text = render(
            read_prompt(WINDOW_PROBE),
            {"sheet": f"{self._nonce} {sheet}", "lines": _lines(max(round(tokens / per_line), 1))},
        )
        ask = Ask(prompt=WINDOW_PROBE, messages=(user(text),), max_tokens=_REPLY_TOKENS, deadlines=self._deadlines)
        return _Sheet(self._count_tokens(text), complete(self._model, ask).usage.prompt)

    def _cut(self, mark: Mark, what: str) -> Check:
        room = 1 << (self._window_tokens * 3 // 2).bit_length()
        step = (
            f"Give the server more: Ollama OLLAMA_CONTEXT_LENGTH={room} before `ollama serve` (or a Modelfile with "
            f"PARAMETER num_ctx {room}), vLLM --max-model-len {room}, llama.cpp -c {room}."
        )
        return Check(name="window", mark=mark, what=what, next_step=step)


def _lines(count: int) -> str:
    return "\n".join(f"line {number:05d}: checkpoint saved, lag within bounds" for number in range(count))


def _failed(name: str, error: ModelError) -> Check:
    if isinstance(error, ModelBadResponseError) and error.kind == "not_found":
        step = "Set INTERVIEWER_MODEL to a name of the list above, or mend INTERVIEWER_BASE_URL."
    else:
        step = error.next_step.replace("`interviewer doctor` says more.", "").strip()
    otherwise = "Look into the server's log; INTERVIEWER_ENGINE=offline does without it."
    return Check(name=name, mark="fail", what=error.what, next_step=step or otherwise)
