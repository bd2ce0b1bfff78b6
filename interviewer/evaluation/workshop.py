"""Builds systems out of setups, with their real parts, and runs them; what was done once is not done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from interviewer.errors import IndexBrokenError
from interviewer.evaluation.arms import Contexts
from interviewer.evaluation.bench import Bench
from interviewer.evaluation.record import Guard, RunRecord
from interviewer.evaluation.relevance import Values, measure_retrieval
from interviewer.evaluation.response import TextModel
from interviewer.evaluation.retrieval import Clock, Retrieved, Retriever
from interviewer.evaluation.setup import RETRIEVAL, Setup
from interviewer.evaluation.system import System, Terms, assemble, run_retrieval
from interviewer.index.build import Stamp, build_index
from interviewer.index.child import group_entries
from interviewer.index.chroma import ChromaStore
from interviewer.index.contents import Contents, Entry, load_entries, load_source, load_vectors
from interviewer.index.exact import ExactSearch, VectorSearch
from interviewer.index.freshness import find_embedder_fault, find_staleness
from interviewer.index.recipe import Recipe
from interviewer.index.retriever import ContextRetriever, Opened
from interviewer.index.versions import CHROMA, Versions

SERVED = 12  # queries that a built index answers through Chroma, to hold its answers against those of exact search


@dataclass
class Workshop:
    """Runs setups over a bench.

    An index that is recorded is really built and checked; Chroma serves some queries of it and exact search over its
    stored vectors serves all, and where the two differ the index is broken.

    Args:
        bench: what is asked.
        folder: where indexes are built; belongs to the workshop.
        frozen_template: the prompt of the probe arm.
        clock: seconds, for the time a retrieval takes.
    """

    bench: Bench
    folder: Path
    frozen_template: str
    clock: Clock
    tell: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self._contents: dict[str, Contents] = {}
        self._wanted: dict[str, tuple[Entry, ...]] = {}
        self._found: dict[str, dict[str, Retrieved]] = {}
        self._measured: dict[str, dict[str, Values]] = {}
        self._guards: dict[str, tuple[Guard, ...]] = {}
        self._models: dict[str, _Remembering] = {}

    def record(self, setup: Setup, name: str, frozen: Contexts | None = None, *, with_model: bool = True) -> RunRecord:
        """A run over a setup whose index is really built."""
        components = setup.components()
        key = setup.key(RETRIEVAL)
        if key not in self._guards:
            self._guards[key] = self._check(setup, self._build(setup))
        system = System(
            template=setup.prompt,
            frozen_template=self.frozen_template,
            model=self._models.setdefault(components["model"].digest, _Remembering(setup.model)),
            judge=setup.judge,
            components=components,
            guards=self._guards[key],
            with_model=with_model,
            count_tokens=setup.count_tokens,
        )
        terms = Terms(name, 0.0, self.clock, frozen=frozen or {})
        return assemble(system, self.bench, terms, self._retrieve(setup), self.measure(setup))

    def measure(self, setup: Setup) -> dict[str, Values]:
        """The retrieval measures of a setup, by exact search and without any model."""
        key = setup.key(RETRIEVAL)
        if key not in self._measured:
            found = self._retrieve(setup)
            self._measured[key] = measure_retrieval(self.bench.evalset.queries, self.bench.labels, found)
        return self._measured[key]

    def _retrieve(self, setup: Setup) -> dict[str, Retrieved]:
        key = setup.key(RETRIEVAL)
        if key not in self._found:
            contents = self._contents_of(setup.built_recipe)
            searches = {one.name: ExactSearch(one.ids, one.vectors) for one in group_entries(contents)}
            retriever = _open(setup, contents, searches, "exact")
            found = run_retrieval(retriever, contents.source, self.bench, self.clock)
            self._found[key] = {one.query: one for one in found}
        return self._found[key]

    def _contents_of(self, recipe: Recipe) -> Contents:
        key = recipe.manifest().digest
        if key not in self._contents:
            self._contents[key] = recipe.contents()
        return self._contents[key]

    def _build(self, setup: Setup) -> Path:
        """Build the index, and from then on search what is on disk."""
        recipe = _Prepared(**_fields(setup.built_recipe))
        recipe.prepare(self._contents_of(setup.built_recipe))
        digest = recipe.manifest().digest
        versions = Versions(self.folder / f"{digest}-{setup.index.build}")
        if versions.active() is None:
            self.tell(f"building index {digest}")
            build_index(versions, recipe, Stamp(0.0, f"{setup.index.build:016x}"))
            folder = versions.folder(digest)
            entries, titles = load_entries(folder), versions.release(digest).titles
            self._contents[digest] = Contents(entries, load_vectors(folder, entries), titles, load_source(folder))
        return versions.folder(digest)

    def _check(self, setup: Setup, folder: Path) -> tuple[Guard, ...]:
        """The checks that need no statistics."""
        contents = self._contents_of(setup.built_recipe)
        key = setup.recipe.manifest().digest
        if key not in self._wanted:
            known = self._contents.get(key)
            self._wanted[key] = known.entries if known else setup.recipe.entries()[0]
        return (
            Guard(name="health", component="index", fault=self._find_difference(setup, contents, folder)),
            Guard(name="freshness", component="index", fault=find_staleness(contents.entries, self._wanted[key])),
            Guard(name="embedder", component="embedder", fault=find_embedder_fault(contents, setup.embedder)),
        )

    def _find_difference(self, setup: Setup, contents: Contents, folder: Path) -> str:
        """Where Chroma and exact search do not give the same first passages, in a sentence; empty where they do."""
        queries = self.bench.evalset.queries
        chosen = self.bench.narrowed(queries[:: max(1, len(queries) // SERVED)])
        try:
            store = ChromaStore(folder / CHROMA)
        except IndexBrokenError as error:
            return str(error)
        try:
            searches = {one.name: store.search(one.name) for one in group_entries(contents)}
            served = run_retrieval(_open(setup, contents, searches, "chroma"), contents.source, chosen, self.clock)
        finally:
            store.close()
        found = self._retrieve(setup)
        differing = [one.query for one in served if not _same(one, found[one.query])]
        many = f"{len(differing)} of {len(served)}"
        return f"Chroma answers {many} queries otherwise than exact search." if differing else ""


class _Prepared(Recipe):
    """A recipe whose contents are there already."""

    def prepare(self, contents: Contents) -> None:
        object.__setattr__(self, "_ready", contents)

    def contents(self) -> Contents:
        ready: Contents = object.__getattribute__(self, "_ready")
        return ready


class _Remembering:
    """A model that is asked for the same prompt once."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self.identity = model.identity
        self._known: dict[str, str] = {}

    def complete(self, prompt: str) -> str:
        if prompt not in self._known:
            self._known[prompt] = self._model.complete(prompt)
        return self._known[prompt]


def _fields(recipe: Recipe) -> dict[str, Any]:
    return {one.name: getattr(recipe, one.name) for one in fields(recipe)}


def _open(setup: Setup, contents: Contents, searches: Mapping[str, VectorSearch], engine: str) -> Retriever:
    opened = Opened(contents.entries, contents.titles, searches, engine, "", ranking=setup.retriever)
    return ContextRetriever(opened, setup.embedder)


def _same(one: Retrieved, other: Retrieved) -> bool:
    """Whether two answers agree but for passages that are as good: of the first five, four are the same."""
    mine, theirs = ({two.id for two in answer.passages[:5]} for answer in (one, other))
    return not one.error and len(mine & theirs) >= min(4, len(theirs))
