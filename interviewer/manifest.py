"""What an index was made from, as digests: the same manifest gives the same index."""

import json
from hashlib import sha256
from typing import Any

from interviewer.noun import Noun

SHORT_DIGEST = 16

Parameter = str | int | float | bool


class SourceDigest(Noun):
    """A file that went in: its name (no folder, so that a checkout and a wheel agree) and the SHA-256 of its bytes."""

    name: str
    sha256: str


class SplitterDigest(Noun):
    """How a document is cut: `identity` such as `structure-splitter@1`, and its parameters."""

    identity: str
    parameters: dict[str, Parameter]


class EmbedderDigest(Noun):
    """Who made the vectors.

    `weights_sha256` is empty where there are none; `fingerprint` hashes the vectors of 16 probe strings, so that an
    embedder that behaves otherwise under an old name is noticed.
    """

    identity: str
    dim: int
    weights_sha256: str
    fingerprint: str


class RankingDigest(Noun):
    """How results are ordered: `identity` such as `hybrid-ranking@1`, and its parameters."""

    identity: str
    parameters: dict[str, Parameter]


class Manifest(Noun):
    """Everything that decides what an index holds and how it answers."""

    schema_version: int = 2
    corpus: SourceDigest
    phrasings: tuple[SourceDigest, ...]
    exemplars: tuple[SourceDigest, ...]
    splitter: SplitterDigest
    embedder: EmbedderDigest
    ranking: RankingDigest

    @property
    def sha256(self) -> str:
        """Hash (64 hex digits) of the canonical JSON."""
        return sha256(canonical_json(self.model_dump()).encode()).hexdigest()

    @property
    def digest(self) -> str:
        """The first 16 digits of `sha256`: names the folder of the index."""
        return self.sha256[:SHORT_DIGEST]

    def differences(self, other: "Manifest") -> tuple[str, ...]:
        """Names of the parts (`corpus`, `embedder`, ...) that differ from those of another manifest."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) != getattr(other, name))


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_source(name: str, content: bytes) -> SourceDigest:
    """The digest of a file's bytes under its name."""
    return SourceDigest(name=name, sha256=sha256(content).hexdigest())
