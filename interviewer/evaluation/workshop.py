"""Builds systems out of setups, with their real parts, and runs them; what was done once is not done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from interviewer.evaluation.arms import Contexts
from interviewer.evaluation.bench import Bench
from interviewer.evaluation.record import Guard, RunRecord
from interviewer.evaluation.relevance import Values, measure_retrieval
from interviewer.evaluation.retrieval import Clock, Retrieved
from interviewer.evaluation.setup import RETRIEVAL, Setup
from interviewer.evaluation.system import System, Terms, assemble, run_retrieval
from interviewer.index.build import Stamp, build_index
from interviewer.index.child import group_entries
from interviewer.index.chroma import ChromaStore
from interviewer.index.contents import Contents, load_entries, load_source, load_vectors
from interviewer.index.exact import ExactSearch, VectorSearch
from interviewer.index.freshness import find_embedder_fault, find_staleness
from interviewer.index.retriever import ContextRetriever, Opened
from interviewer.index.versions import CHROMA, Versions

Ready = tuple[dict[str, Retrieved], tuple[Guard, ...]]


@dataclass
class Workshop:
    """Runs setups over a bench.

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
        self._retrieved: dict[str, dict[str, Retrieved]] = {}
        self._measured: dict[str, dict[str, Values]] = {}
        self._served: dict[str, Ready] = {}

    def record(self, setup: Setup, name: str, frozen: Contexts | None = None) -> RunRecord:
        """A full run over a setup whose index is really built and served by Chroma."""
        found, guards = self._serve(setup)
        system = System(
            template=setup.prompt,
            frozen_template=self.frozen_template,
            model=setup.model,
            judge=setup.judge,
            components=setup.components(),
            guards=guards,
            count_tokens=setup.count_tokens,
        )
        return assemble(system, self.bench, Terms(name, 0.0, self.clock, frozen=frozen or {}), found)

    def measure(self, setup: Setup) -> dict[str, Values]:
        """The retrieval measures of a setup, by exact search and without any model."""
        key = setup.key(RETRIEVAL)
        if key not in self._measured:
            contents = self._contents_of(setup)
            searches = {one.name: ExactSearch(one.ids, one.vectors) for one in group_entries(contents)}
            found = self._ask(setup, contents, searches, "exact")
            self._measured[key] = measure_retrieval(self.bench.evalset.queries, self.bench.labels, found)
        return self._measured[key]

    def _contents_of(self, setup: Setup) -> Contents:
        key = setup.built_recipe.manifest().digest
        if key not in self._contents:
            self._contents[key] = setup.built_recipe.contents()
        return self._contents[key]

    def _serve(self, setup: Setup) -> Ready:
        key = setup.key(RETRIEVAL)
        if key not in self._served:
            contents, folder = self._build(setup)
            store = ChromaStore(folder / CHROMA)
            try:
                searches = {one.name: store.search(one.name) for one in group_entries(contents)}
                found = self._ask(setup, contents, searches, "chroma")
            finally:
                store.close()
            self._served[key] = found, self._guards(setup, contents)
        return self._served[key]

    def _build(self, setup: Setup) -> tuple[Contents, Path]:
        """A built index as it is on disk."""
        recipe = setup.built_recipe
        digest = recipe.manifest().digest
        root = Versions(self.folder / f"{digest}-{setup.index.build}")
        if root.active() is None:
            self.tell(f"building index {digest}")
            build_index(root, recipe, Stamp(0.0, f"{setup.index.build:016x}"))
        folder = root.folder(digest)
        entries = load_entries(folder)
        titles = root.release(digest).titles
        return Contents(entries, load_vectors(folder, entries), titles, load_source(folder)), folder

    def _ask(
        self, setup: Setup, contents: Contents, searches: Mapping[str, VectorSearch], engine: str
    ) -> dict[str, Retrieved]:
        opened = Opened(contents.entries, contents.titles, searches, engine, "", ranking=setup.retriever)
        retriever = ContextRetriever(opened, setup.embedder)
        return {one.query: one for one in run_retrieval(retriever, contents.source, self.bench, self.clock)}

    def _guards(self, setup: Setup, contents: Contents) -> tuple[Guard, ...]:
        wanted = setup.recipe.entries()[0]
        return (
            Guard(name="freshness", component="index", fault=find_staleness(contents.entries, wanted)),
            Guard(name="embedder", component="embedder", fault=find_embedder_fault(contents, setup.embedder)),
        )
