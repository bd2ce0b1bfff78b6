"""What stands before the page: foreign hosts and origins are refused, answers carry protective headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse

from interviewer.settings import Settings

USER = "interviewer"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class OriginGuard:
    """Refuses requests that another site's page makes, and adds headers to every answer."""

    def __init__(self, app: App, hosts: tuple[str, ...]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin and not self.is_ours(origin):
            await PlainTextResponse("Requests from other sites are refused.", status_code=403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, send_guarded)

    def is_ours(self, origin: str) -> bool:
        host = urlsplit(origin).hostname
        return host in {name.strip("[]") for name in self.hosts}


def guards(settings: Settings) -> list[Middleware]:
    """The middleware for an app at this address."""
    hosts = LOOPBACK_NAMES if settings.host in ("127.0.0.1", "localhost", "::1") else (*LOOPBACK_NAMES, settings.host)
    if settings.host in ("0.0.0.0", "::"):
        # reached under names that are not known here; the password guards it
        return [Middleware(OriginGuard, hosts=hosts)]
    return [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)), Middleware(OriginGuard, hosts=hosts)]
