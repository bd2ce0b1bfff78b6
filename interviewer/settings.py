"""Settings: the only reader of the environment."""

import os
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from interviewer.errors import SettingsError

PREFIX = "INTERVIEWER_"
_SECRET = "********"


class Settings(BaseSettings):
    """Everything that can be set. Order of precedence: environment, `.env`, `interviewer.toml`, default.

    Both files are looked for in the working directory. Names in the environment and in `.env` carry the prefix
    `INTERVIEWER_` (`INTERVIEWER_DATA_DIR`), in `interviewer.toml` they stand as they are.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        toml_file="interviewer.toml",
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(default_factory=lambda: user_data_path("interviewer"), description="sessions and indexes")
    corpus: Path | None = Field(default=None, description="another drill document than the shipped one")
    rubrics: Path | None = Field(default=None, description="another rubric folder than the shipped one")
    engine: Literal["auto", "offline", "llm"] = Field(
        default="auto", description="who speaks and who judges; auto: the model where a key or a base URL is set"
    )
    model: str = Field(default="openai:gpt-4.1-mini", description="the language model, as openai:NAME")
    base_url: str | None = Field(
        default=None, description="any OpenAI-compatible endpoint; without one it is OpenAI's (also OPENAI_BASE_URL)"
    )
    api_key: SecretStr | None = Field(default=None, description="key of the endpoint (also OPENAI_API_KEY)")
    price_prompt: float | None = Field(default=None, ge=0, description="USD per million prompt tokens of the model")
    price_cached: float | None = Field(
        default=None, ge=0, description="USD per million prompt tokens that the endpoint had cached; else as the others"
    )
    price_completion: float | None = Field(default=None, ge=0, description="USD per million completion tokens")
    turn_deadline_s: float = Field(default=60, gt=0, le=3600, description="seconds that wording a turn may take")
    first_word_s: float = Field(
        default=20, gt=0, le=3600, description="seconds until its first word; more for slow models"
    )
    grade_deadline_s: float = Field(
        default=180, gt=0, le=7200, description="seconds that one call of the judge may take"
    )
    allow_http: bool = Field(default=False, description="let answers go unencrypted to another machine in base_url")
    level: Literal["mid", "senior", "staff"] = Field(default="senior", description="seniority that is expected")
    mode: Literal["real", "coach"] = Field(default="real", description="coach gives help on the way, real at the end")
    minutes: int = Field(default=30, ge=5, le=120, description="length of an interview")
    host: str = Field(default="127.0.0.1", description="address of the app")
    port: int = Field(default=7860, ge=1, le=65535, description="port of the app")
    app_password: SecretStr | None = Field(
        default=None, description="password of the app (user: interviewer); needed when host is not this machine's own"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            dotenv_settings,
            TomlConfigSettingsSource(settings_cls),
            OpenAINames(settings_cls),
        )

    @property
    def uses_model(self) -> bool:
        """Whether a language model speaks and judges."""
        return self.engine == "llm" or (self.engine == "auto" and bool(self.api_key or self.base_url))


class OpenAINames(PydanticBaseSettingsSource):
    """The variables that OpenAI's own client reads, for people who have them set; ours come first."""

    _NAMES: ClassVar[dict[str, str]] = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return os.environ.get(self._NAMES.get(field_name, "")) or None, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: os.environ.get(variable) for name, variable in self._NAMES.items()}
        return {name: value for name, value in found.items() if value}


def find_proxy(base_url: str) -> str | None:
    """The proxy that the environment names for an address; None where it goes directly."""
    parts = urlsplit(base_url)
    if not parts.hostname or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def read_settings() -> Settings:
    """The settings as environment and files give them.

    Raises:
        SettingsError: a value does not validate, or a file does not parse.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(
            f"A setting cannot be used ({faults}).", next_step="`interviewer config --help` lists them."
        ) from None
    except ValueError as error:
        raise SettingsError(f"interviewer.toml does not parse: {error}.") from None


def explain_settings(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Rows (name, value, where it came from, what it is for), secrets masked."""
    sources = [
        ("environment", EnvSettingsSource(Settings)()),
        (".env", DotEnvSettingsSource(Settings, env_file=".env", env_file_encoding="utf-8")()),
        ("interviewer.toml", TomlConfigSettingsSource(Settings)()),
        ("OPENAI_*", OpenAINames(Settings)()),
    ]
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = _SECRET if isinstance(value, SecretStr) else "" if value is None else str(value)
        origin = next((label for label, values in sources if name in values), "default")
        rows.append((name, shown, origin, field.description or ""))
    return rows
