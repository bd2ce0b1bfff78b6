"""What all nouns share: frozen, strict about unknown fields, compared by value."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """A value: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
