"""A whole system as values: what each component is, and what it becomes when some are rolled back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from interviewer.drills.exemplars import exemplar_sources
from interviewer.drills.phrasings import phrasing_sources
from interviewer.drills.split import CountTokens, Splitter
from interviewer.evaluation.point_judge import PointJudge
from interviewer.evaluation.record import Component
from interviewer.evaluation.response import TextModel
from interviewer.evaluation.retrieval import CONTEXT_CHUNKS, CONTEXT_TOKENS, HISTORY_TURNS
from interviewer.index.ranking import Ranking
from interviewer.index.recipe import Recipe, describe_embedder
from interviewer.manifest import SHORT_DIGEST, Parameter, canonical_json
from interviewer.models.embedder import Embedder

RETRIEVAL = ("corpus", "splitter", "embedder", "index", "retriever")


@dataclass(frozen=True)
class Kept:
    """From what the index was built, where that is not what the system has now; None: from what it has now.

    `build` counts builds of the same inputs: another number is another artefact with the same content.
    """

    corpus: Path | None = None
    splitter: Splitter | None = None
    embedder: Embedder | None = None
    build: int = 0


@dataclass(frozen=True)
class Setup:
    """The components. `weights_sha256` goes with the embedder; `template` is the prompt."""

    corpus: Path
    splitter: Splitter
    embedder: Embedder
    weights_sha256: str
    retriever: Ranking
    prompt: str
    model: TextModel
    judge: PointJudge
    count_tokens: CountTokens
    index: Kept = field(default_factory=Kept)

    @property
    def recipe(self) -> Recipe:
        """What the index would be built from now."""
        return Recipe(self.corpus, self.embedder, self.weights_sha256, self.count_tokens, self.splitter, self.retriever)

    @property
    def built_recipe(self) -> Recipe:
        """What the index was built from."""
        kept = self.index
        return Recipe(
            kept.corpus or self.corpus,
            kept.embedder or self.embedder,
            self.weights_sha256,
            self.count_tokens,
            kept.splitter or self.splitter,
            self.retriever,
        )

    def components(self) -> dict[str, Component]:
        """Component -> what tells it apart, all but the eval set; the model's fingerprint comes with a run."""
        built = self.built_recipe
        parts: dict[str, Mapping[str, Parameter]] = {
            "corpus": _corpus_parts(self.recipe),
            "splitter": {"identity": self.splitter.digest.identity, **self.splitter.digest.parameters},
            "embedder": dict(describe_embedder(self.embedder, self.weights_sha256).model_dump()),
            "index": {"manifest": built.manifest().digest, "build": self.index.build},
            "retriever": {
                **dict(self.retriever.digest.parameters),
                "context_chunks": CONTEXT_CHUNKS,
                "context_tokens": CONTEXT_TOKENS,
                "history_turns": HISTORY_TURNS,
            },
            "prompt": {"sha256": sha256(self.prompt.encode()).hexdigest()[:SHORT_DIGEST]},
            "model": {"identity": self.model.identity, **_numbers(self.model)},
            "judge": {"identity": self.judge.identity, **_numbers(self.judge)},
        }
        return {name: Component(name=name, parts=dict(part)) for name, part in parts.items()}

    def key(self, names: tuple[str, ...]) -> str:
        """Equal for setups whose components of these names are equal."""
        own = self.components()
        return sha256(canonical_json([own[name].parts for name in names]).encode()).hexdigest()


def rolled_back(now: Setup, good: Setup, names: tuple[str, ...]) -> Setup:
    """`now` with some components as they were in `good`.

    An index that is rolled back is one built from the corpus, splitter and embedder that were good, wherever the
    present one was built from something else.
    """
    changed: dict[str, Any] = {name: getattr(good, name) for name in names if name != "index"}
    if "index" in names:
        changed["index"] = replace(now.index, **_own_pins(now, good, dict.fromkeys(_PINS)), build=good.index.build)
    return replace(now, **changed)


_PINS = ("corpus", "splitter", "embedder")


def _own_pins(now: Setup, good: Setup, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values for those inputs of the index that are neither what the system has nor what it had when it was
    good."""
    pinned = {name: getattr(now.index, name) for name in _PINS}
    return {name: values[name] for name, pin in pinned.items() if pin is not None and pin != getattr(good, name)}


def changed_components(now: Setup, good: Setup) -> tuple[str, ...]:
    """Components that differ; an index that only follows from corpus, splitter and embedder does not count as one."""
    mine, theirs = now.components(), good.components()
    own_index = bool(_own_pins(now, good, dict.fromkeys(_PINS))) or now.index.build != good.index.build
    return tuple(name for name in mine if (mine[name] != theirs[name] if name != "index" else own_index))


def _corpus_parts(recipe: Recipe) -> dict[str, Parameter]:
    beside = [*phrasing_sources(recipe.phrasings), *exemplar_sources(recipe.exemplars)]
    together = canonical_json([one.model_dump() for one in beside])
    return {
        "document": sha256(recipe.corpus.read_bytes()).hexdigest()[:SHORT_DIGEST],
        "wordings": sha256(together.encode()).hexdigest()[:SHORT_DIGEST],
    }


def _numbers(part: object) -> dict[str, Parameter]:
    """The numbers and names that a model or a judge of ours was made with."""
    if not hasattr(part, "__dataclass_fields__"):
        return {}
    found: dict[str, Parameter] = {}
    for one in fields(part):  # type: ignore[arg-type]
        value = getattr(part, one.name)
        if isinstance(value, str | int | float):
            found[one.name] = value
        elif hasattr(value, "identity"):
            found[one.name] = str(value.identity)
    return found
