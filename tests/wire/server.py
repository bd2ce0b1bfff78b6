"""A model endpoint on loopback that speaks the OpenAI protocol over real TCP and fails on demand.

What it answers is decided by a function of the request body. Faults are named after the rows of the fault matrix; each
request takes the next name of `faults`, the last one stays.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Answer = Callable[[Request], str]
PIECE = 12
NO_TIME = -1.0


class LoopbackModel:
    """One endpoint; `url` is its base URL, `requests` what it was asked, in order.

    `window` cuts prompts silently at so many tokens, `limit` refuses longer ones, `refuses` names fields of a request
    that are not taken, `counts` and
    `lists` say whether it reports usage and its models. `left` is set when a client leaves a reply that hangs.
    """

    def __init__(
        self,
        answer: Answer | str = "Go on.",
        faults: Sequence[str] = (),
        *,
        latency_s: float = 0.0,
        models: Sequence[str] = ("stub",),
        methods: Sequence[str] = ("json_schema", "function_calling", "json_mode"),
    ) -> None:
        self.answer: Answer = answer if callable(answer) else lambda request: answer
        self.faults = list(faults)
        self.latency_s = latency_s
        self.models = tuple(models)
        self.methods = tuple(methods)
        self.window: int | None = None
        self.limit: int | None = None
        self.refuses: tuple[str, ...] = ()
        self.counts = self.lists = True
        self.redirects_to = "http://127.0.0.1:9/v1/chat/completions"
        self.requests: list[Request] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self.left = threading.Event()
        self._lock = threading.Lock()
        handler = type("Bound", (_Handler,), {"owner": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def start(self) -> "LoopbackModel":
        self._thread.start()
        return self

    def stop(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, request: Request, headers: dict[str, str]) -> str:
        """Keep the request, give the fault that it meets."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            return (self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]) if self.faults else ""


@contextmanager
def loopback(answer: Answer | str = "Go on.", faults: Sequence[str] = (), **options: Any) -> Iterator[LoopbackModel]:
    """A running endpoint for the length of a block."""
    server = LoopbackModel(answer, faults, **options).start()
    try:
        yield server
    finally:
        server.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: LoopbackModel

    def log_message(self, format: str, *args: Any) -> None:
        pass

    # -- plain answers

    def body(self, code: int, text: str, kind: str = "application/json", **headers: str) -> None:
        data = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def fail(self, code: int, message: str, error: str = "", **headers: str) -> None:
        self.body(code, json.dumps({"error": {"message": message, "type": error, "code": error or None}}), **headers)

    def do_GET(self) -> None:
        self.owner.headers.append(dict(self.headers))
        fault = self.owner.faults[0] if self.owner.faults else ""
        if fault == "401":
            self.fail(401, "Incorrect API key provided: sk-secret-key", "invalid_api_key")
        elif self.path.endswith("/models") and self.owner.lists:
            rows = [{"id": name, "object": "model", "created": 1, "owned_by": "local"} for name in self.owner.models]
            self.body(200, json.dumps({"object": "list", "data": rows}))
        else:
            self.fail(404, f"no such path {self.path}")

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        fault = self.owner.take(request, dict(self.headers))
        if self.owner.latency_s:
            time.sleep(self.owner.latency_s)
        if not self.path.endswith("/chat/completions"):
            self.fail(404, f"no such path {self.path}")
            return
        method = method_of(request)
        if method and method not in self.owner.methods:
            self.fail(400, f"{method} is not supported here", "invalid_request_error")
            return
        for name in self.owner.refuses:
            if name in request:
                self.fail(400, f"Unsupported value: '{name}' is not supported with this model.", "unsupported_value")
                return
        if self.owner.limit is not None and prompt_tokens(request) > self.owner.limit:
            self.fault_400ctx()
            return
        plain = getattr(self, f"fault_{fault}", None)
        if fault == "echo":
            self.fail(400, f"What is {self.headers['Authorization']} about: {request['messages'][-1]['content']}")
        elif plain:
            plain()
        elif request.get("stream"):
            with suppress(BrokenPipeError, ConnectionResetError):
                self.stream(request, fault)
        else:
            self.whole(request, fault)

    def fault_hang(self) -> None:
        self.wait_for_client()

    def fault_close(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def fault_429(self) -> None:
        self.fail(429, "Rate limit reached", "rate_limit_exceeded", retry_after="0.05")

    def fault_429long(self) -> None:
        self.fail(429, "Rate limit reached", "rate_limit_exceeded", retry_after="600")

    def fault_429quota(self) -> None:
        self.fail(429, "You exceeded your current quota", "insufficient_quota")

    def fault_500(self) -> None:
        self.fail(500, "The server had an error")

    def fault_503html(self) -> None:
        self.body(503, "<html><body>Service unavailable</body></html>", "text/html")

    def fault_401(self) -> None:
        self.fail(401, "Incorrect API key provided: sk-secret-key", "invalid_api_key")

    def fault_404(self) -> None:
        self.fail(404, "The model does not exist", "model_not_found")

    def fault_400ctx(self) -> None:
        self.fail(400, "This model's maximum context length is 10 tokens", "context_length_exceeded")

    def fault_badjson(self) -> None:
        self.body(200, '{"choices": [')

    def fault_html200(self) -> None:
        self.body(200, "<html>Please sign in</html>", "text/html")

    def fault_emptybody(self) -> None:
        self.body(200, "")

    def fault_err200(self) -> None:
        self.body(200, '{"error": {"message": "backend overloaded"}}')

    def fault_redirect(self) -> None:
        self.body(307, "", location=self.owner.redirects_to)

    # -- completions

    def whole(self, request: Request, fault: str) -> None:
        reply = "" if fault in ("refusal", "filter") else damaged(self.owner.answer(request), fault)
        message = message_of(request, reply)
        if fault == "refusal":
            message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
        choice = {"index": 0, "message": message, "finish_reason": finish_of(message, fault), "logprobs": None}
        choices = {"emptychoices": [], "nullchoices": None}.get(fault, [choice])
        body = head(request, "chat.completion") | {"choices": choices, "usage": self.usage(request, reply)}
        self.body(200, json.dumps(body))

    def stream(self, request: Request, fault: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if fault == "keepalive":
            self.keep_alive()
            return
        if fault in ("emptychoices", "nullchoices"):
            chunk = head(request, "chat.completion.chunk") | {"choices": [] if fault == "emptychoices" else None}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode())
            return
        reply = "" if fault in ("refusal", "filter") else damaged(self.owner.answer(request), fault)
        message = message_of(request, reply)
        self.event(request, {"role": "assistant", "content": ""})
        if fault == "badevent":
            self.wfile.write(b"data: {not json\n\n")
            return
        if fault == "errorevent":
            self.wfile.write(b'data: {"error": {"message": "overloaded"}}\n\n')
            return
        if fault == "refusal":
            self.event(request, {"refusal": "I cannot help with that."})
        if message.get("tool_calls"):
            calls = [call | {"index": place} for place, call in enumerate(message["tool_calls"])]
            self.event(request, {"tool_calls": calls})
        pieces = [] if message.get("tool_calls") else [reply[i : i + PIECE] for i in range(0, len(reply), PIECE)]
        for place, piece in enumerate(pieces):
            self.event(request, {"content": piece})
            if place == 0 and fault == "trickle":
                self.trickle(request)
                return
            if place == 1 and fault in ("midhang", "drip", "trunc", "trunc_rst", "trunc_close", "once_trunc"):
                self.break_off(fault)
                return
        if fault == "nodone":
            return
        self.event(request, {}, finish_of(message, fault))
        if (request.get("stream_options") or {}).get("include_usage") and self.owner.counts:
            self.event(request, None, usage=self.usage(request, reply))
        self.wfile.write(b"data: [DONE]\n\n")

    def event(self, request: Request, delta: Any, finish: str | None = None, usage: Any = None) -> None:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        chunk = head(request, "chat.completion.chunk") | {"choices": choices}
        if usage:
            chunk["usage"] = usage
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def break_off(self, fault: str) -> None:
        self.wfile.flush()
        if fault == "midhang":
            self.wait_for_client()
        elif fault == "drip":
            self.keep_alive()
        elif fault == "trunc_rst":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault == "trunc_close":
            self.wfile.write(b'data: {"id": "half')

    def trickle(self, request: Request) -> None:
        """A word now and then without end, until the client leaves."""
        with suppress(OSError):
            while not self.owner.closing.wait(0.02):
                self.event(request, {"content": "word "})
        self.owner.left.set()

    def keep_alive(self) -> None:
        """Comments without content until the client leaves: a dead stream that looks alive."""
        while not self.owner.closing.wait(0.02):
            try:
                self.wfile.write(b": keep-alive\n\n")
                self.wfile.flush()
            except OSError:
                self.owner.left.set()
                return

    def wait_for_client(self) -> None:
        """Say nothing until the client leaves or the endpoint stops."""
        self.connection.settimeout(0.02)
        while not self.owner.closing.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.owner.left.set()
        self.close_connection = True

    def usage(self, request: Request, reply: str) -> dict[str, int]:
        """Rough counts, a token for four characters; cut where a window is set."""
        prompt = prompt_tokens(request)
        prompt = min(prompt, self.owner.window or prompt)
        return {"prompt_tokens": prompt, "completion_tokens": len(reply) // 4, "total_tokens": prompt + len(reply) // 4}


def method_of(request: Request) -> str:
    """How structured output is asked for; empty where it is not."""
    kind = (request.get("response_format") or {}).get("type")
    if kind:
        return "json_schema" if kind == "json_schema" else "json_mode"
    return "function_calling" if request.get("tool_choice") not in (None, "auto", "none") else ""


def prompt_tokens(request: Request) -> int:
    return sum(len(str(message.get("content") or "")) for message in request["messages"]) // 4


def head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request.get("model", "stub")}


def message_of(request: Request, reply: str) -> dict[str, Any]:
    """A reply that begins with `CALL name {...}` calls that tool; a demanded tool takes the reply as arguments.

    `CALLS 3 name {...}` calls it three times.
    """
    name, arguments, times = "", reply, 1
    if reply.startswith("CALL "):
        _, name, arguments = reply.split(" ", 2)
    elif reply.startswith("CALLS "):
        _, count, name, arguments = reply.split(" ", 3)
        times = int(count)
    elif method_of(request) == "function_calling" and request.get("tools"):
        name = request["tools"][0]["function"]["name"]
    if not name:
        return {"role": "assistant", "content": reply}
    called = {"type": "function", "function": {"name": name, "arguments": arguments}}
    calls = [{"id": f"call_{number + 1}", **called} for number in range(times)]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def finish_of(message: dict[str, Any], fault: str) -> str:
    if fault in ("length", "lengthvalid"):
        return "length"
    if fault == "filter":
        return "content_filter"
    return "tool_calls" if message.get("tool_calls") else "stop"


def damaged(reply: str, fault: str) -> str:
    """A structured reply as broken models give it."""
    first = f'{{"{reply[2:].split(chr(34))[0]}": null, {reply[1:]}' if reply.startswith('{"') else reply
    return {
        "length": reply[: len(reply) // 2],
        "notjson": "I think the answer is fine.",
        "wrongtype": '{"items": "none"}',
        "missing": "{}",
        "fenced": f"```json\n{reply}\n```",
        "dup": first,
        "twojson": f"{reply}\n{reply}",
        "nan": '{"items": NaN}',
    }.get(fault, reply)
