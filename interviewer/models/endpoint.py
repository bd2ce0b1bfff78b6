"""Where a language model is: its name, address and key, as a value."""

import re
from urllib.parse import urlsplit

from pydantic import SecretStr

from interviewer.errors import SettingsError
from interviewer.noun import Noun

OPENAI_URL = "https://api.openai.com/v1"
_NAME = re.compile(r"(?:(?P<provider>[a-z][a-z0-9_-]*):)?(?P<name>\S+)\Z")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Endpoint(Noun):
    """An OpenAI-compatible endpoint and one model on it.

    `proxy` is the address of an HTTP proxy to go through, None for a direct connection.
    """

    model: str
    base_url: str
    key: SecretStr | None = None
    proxy: str | None = None

    @property
    def identity(self) -> str:
        return f"openai:{self.model}"

    @property
    def host(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def is_loopback(self) -> bool:
        return (urlsplit(self.base_url).hostname or "") in _LOOPBACK

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own, which takes parameters that compatible servers may not know."""
        return urlsplit(self.base_url).hostname == "api.openai.com"


def open_endpoint(
    model: str, base_url: str | None, key: SecretStr | None, proxy: str | None = None, *, allow_http: bool = False
) -> Endpoint:
    """The endpoint that the settings describe; without a base URL it is OpenAI's.

    >>> open_endpoint("openai:llama3.1", "http://localhost:11434/v1/", None).identity
    'openai:llama3.1'

    Raises:
        SettingsError: the model or the address cannot be used, or text would cross a network unencrypted.
    """
    found = _NAME.fullmatch(model.strip())
    provider = found["provider"] if found else None
    # a name like `llama3.1:8b` has a colon of its own
    name = found["name"] if found and provider == "openai" else model.strip()
    if not found or not name or name.endswith(":"):
        raise SettingsError(f"{model!r} names no model.", where="model", next_step="Write it as openai:NAME.")
    address = (base_url or OPENAI_URL).strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            "The base URL is no web address.", where="base_url", next_step="Like http://localhost:11434/v1, say."
        )
    if parts.username or parts.password:
        raise SettingsError("The base URL holds a password.", where="base_url", next_step="Set api_key instead.")
    endpoint = Endpoint(model=name, base_url=address, key=key, proxy=proxy)
    if parts.scheme == "http" and not endpoint.is_loopback and not allow_http:
        raise SettingsError(
            f"Answers and key would go to {endpoint.host} unencrypted.",
            where="base_url",
            next_step="Use https, or set INTERVIEWER_ALLOW_HTTP=true for a network that you trust.",
        )
    return endpoint
