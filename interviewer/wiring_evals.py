"""Chooses the parts of evaluations; see `wiring`."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from interviewer.evaluation.attribution import Attribution
    from interviewer.evaluation.bench import Bench
    from interviewer.evaluation.faults import Fault
    from interviewer.evaluation.gates import Gates
    from interviewer.evaluation.matrix import Case, Drill, Matrix, Plan
    from interviewer.evaluation.record import Component, Guard, RunRecord, Suite
    from interviewer.evaluation.response import TextModel
    from interviewer.evaluation.restored import Restoration
    from interviewer.evaluation.runs import Runs
    from interviewer.evaluation.setup import Setup
    from interviewer.evaluation.workshop import Workshop
    from interviewer.index.opening import Engine
    from interviewer.index.retriever import Opened
    from interviewer.models.embedder import Embedder
    from interviewer.prompts.versions import PromptVersions
    from interviewer.settings import Settings

Tell: TypeAlias = "Callable[[str], None]"

FROZEN_PROMPT = "answer@1"  # of the probe arm; never another


@cache
def open_cached_embedder() -> Embedder:
    """The embedder that ships, remembering its vectors: an evaluation asks for the same texts again and again."""
    from interviewer.models.cached import CachedEmbedder
    from interviewer.wiring import open_embedder

    return CachedEmbedder(open_embedder())


def open_bench() -> Bench:
    """The shipped eval set over the shipped document."""
    from interviewer.drills.read import read_drills
    from interviewer.evaluation import bench
    from interviewer.shipped import shipped_path

    return bench.open_bench(shipped_path("evals/rag"), read_drills(shipped_path("corpus/mlops_drills.txt")))


def open_gates() -> Gates:
    """The shipped gate."""
    from interviewer.evaluation.gates import read_gates
    from interviewer.shipped import shipped_path

    return read_gates(shipped_path("evals/gates.toml"))


def open_faults() -> dict[str, Fault]:
    """The shipped faults."""
    from interviewer.evaluation.faults import read_faults
    from interviewer.shipped import shipped_path

    return read_faults(shipped_path("evals/faults"))


def open_runs(settings: Settings) -> Runs:
    """The runs of the data folder, and the shipped baselines."""
    from interviewer.evaluation.runs import Runs
    from interviewer.shipped import shipped_path

    return Runs(settings.data_dir / "evals", shipped_path("evals") / "baselines")


def open_model(settings: Settings) -> TextModel:
    """Who answers in the arms: the model that ships."""
    from interviewer.evaluation.extractive import ExtractiveModel

    return ExtractiveModel(open_cached_embedder())


def open_prompts(settings: Settings) -> PromptVersions:
    """The versions of prompts, and which one is in use."""
    from interviewer.prompts.versions import PromptVersions

    return PromptVersions(settings.data_dir / "prompts")


def check_smoke(settings: Settings, tell: Tell) -> Restoration:
    """Run the smoke set over the system in use, and hold it against its baseline."""
    from interviewer.errors import NotFoundError
    from interviewer.evaluation.restored import Restoration, check_restored
    from interviewer.wiring import open_recipe

    if open_recipe(settings).corpus.read_bytes().decode() != open_bench().reference.source:
        return Restoration(None, "The eval set is of another document, so that nothing can be verified.")
    try:
        baseline = open_runs(settings).read("baseline-smoke")
    except NotFoundError:
        baseline = None
    return check_restored(baseline, run_evals(settings, "smoke", "exact", tell))


def open_setup(settings: Settings) -> Setup:
    """The whole system as it is set, as values."""
    from interviewer.evaluation.point_judge import EmbeddedPointJudge
    from interviewer.evaluation.setup import Setup
    from interviewer.wiring import open_recipe

    prompts = open_prompts(settings)
    recipe, embedder = open_recipe(settings), open_cached_embedder()
    return Setup(
        corpus=recipe.corpus,
        splitter=recipe.splitter,
        embedder=embedder,
        weights_sha256=recipe.weights_sha256,
        retriever=recipe.ranking,
        prompt=prompts.read(prompts.active(FROZEN_PROMPT).identity),
        model=open_model(settings),
        judge=EmbeddedPointJudge(embedder),
        count_tokens=recipe.count_tokens,
    )


@contextmanager
def open_workshop(tell: Tell) -> Iterator[Workshop]:
    """A workshop in a folder of its own, which goes when it closes."""
    import tempfile
    import time
    from pathlib import Path

    from interviewer.evaluation.workshop import Workshop
    from interviewer.prompts.read import read_prompt

    with tempfile.TemporaryDirectory(prefix="interviewer-evals-") as folder:
        yield Workshop(open_bench(), Path(folder), read_prompt(FROZEN_PROMPT), time.perf_counter, tell)


def run_evals(settings: Settings, suite: Suite, engine: Engine, tell: Tell, *, with_model: bool = True) -> RunRecord:
    """Evaluate the system in use, with the index in use, and keep the run."""
    import time

    from interviewer.errors import NotFoundError
    from interviewer.evaluation.system import System, Terms, evaluate
    from interviewer.index.opening import Ways, open_index
    from interviewer.index.retriever import ContextRetriever
    from interviewer.prompts.read import read_prompt
    from interviewer.wiring import new_stamp, open_versions

    setup, versions, runs, bench = open_setup(settings), open_versions(settings), open_runs(settings), open_bench()
    if suite == "smoke":
        bench = bench.smoke()
    opened = open_index(versions, setup.recipe, Ways(engine, new_stamp(), tell))
    retriever = ContextRetriever(opened, setup.embedder)
    try:
        frozen = runs.read("baseline" if suite == "full" else f"baseline-{suite}").contexts
    except NotFoundError:
        frozen = {}
    index, guards, source = _inspect(settings, setup, opened, engine)
    system = System(
        template=setup.prompt,
        frozen_template=read_prompt(FROZEN_PROMPT),
        model=setup.model,
        judge=setup.judge,
        components=setup.components() | {"index": index},
        guards=guards,
        with_model=with_model,
        count_tokens=setup.count_tokens,
    )
    now = time.time()
    name = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now)) + f"-{suite}"
    try:
        record = evaluate(system, retriever, source, bench, Terms(name, now, time.perf_counter, suite, frozen))
    finally:
        retriever.close()
    leak_rate, guard = _watch_leaks(settings)
    record = record.model_copy(update={"leak_rate": leak_rate, "guards": (*record.guards, guard)})
    runs.save(record)
    return record


def _watch_leaks(settings: Settings) -> tuple[float, Guard]:
    """The leak rate of the interviewer, which has to be 0."""
    from interviewer.evaluation.leaks import find_leaks
    from interviewer.evaluation.record import Guard
    from interviewer.interview.opening import WORDING, read_plan_data
    from interviewer.interview.speaker import OfflineSpeaker
    from interviewer.prompts.read import read_prompt
    from interviewer.wiring import open_document, open_rubrics

    data = read_plan_data()
    speaker = OfflineSpeaker(read_prompt(WORDING), data.common_words)
    leaks = find_leaks(open_document(settings).scenarios, open_rubrics(settings), data, speaker, lambda: 0.0)
    fault = f"{len(leaks.leaked)} of {leaks.turns} turns gave something of the key away." if leaks.rate else ""
    return leaks.rate, Guard(name="leak", component="prompt", fault=fault)


def _inspect(
    settings: Settings, setup: Setup, opened: Opened, engine: Engine
) -> tuple[Component, tuple[Guard, ...], str]:
    """The index in use as a component, the checks of it, and the document that it was made from."""
    from interviewer.errors import IndexBrokenError, NotFoundError
    from interviewer.evaluation.record import Component, Guard
    from interviewer.index.contents import Contents, load_source, load_vectors
    from interviewer.index.freshness import find_embedder_fault, find_staleness
    from interviewer.wiring import open_versions

    versions = open_versions(settings)
    health = "" if opened.engine == engine else opened.reduced or f"{opened.engine} answers instead of {engine}."
    parts: dict[str, str | int | float | bool] = {"manifest": opened.manifest, "engine": opened.engine}
    source, mismatch = setup.corpus.read_bytes().decode(), ""
    try:
        release, folder = versions.release(opened.manifest), versions.folder(opened.manifest)
        vectors, source = load_vectors(folder, opened.entries), load_source(folder)
        parts |= {"nonce": release.nonce, "created_at": release.created_at, "chunks": release.chunks}
        mismatch = find_embedder_fault(Contents(opened.entries, vectors, opened.titles), setup.embedder)
    except (NotFoundError, IndexBrokenError) as error:
        health = health or str(error)
    stale = find_staleness(opened.entries, setup.recipe.entries()[0])
    guards = (
        Guard(name="health", component="index", fault=health),
        Guard(name="freshness", component="index", fault=stale),
        Guard(name="embedder", component="embedder", fault=mismatch),
    )
    return Component(name="index", parts=parts), guards, source


def attribute_now(settings: Settings, good_corpus: str | None, tell: Tell) -> Attribution:
    """Attribute what the system in use lost against the system as it ships, or against another good document."""
    from dataclasses import replace
    from pathlib import Path

    from interviewer.evaluation.attribution import attribute
    from interviewer.evaluation.statistics import ROUNDS
    from interviewer.prompts.read import read_prompt
    from interviewer.settings import Settings

    good = replace(open_setup(Settings(data_dir=settings.data_dir, corpus=None)), prompt=read_prompt(FROZEN_PROMPT))
    if good_corpus:
        good = replace(good, corpus=Path(good_corpus))
    with open_workshop(tell) as workshop:
        now = _with_index_in_use(settings, open_setup(settings), workshop.folder)
        before = workshop.record(good, "good")
        before = workshop.record(good, "good", before.contexts)
        after = workshop.record(now, "now", before.contexts)
        return attribute(workshop, open_gates(), good, now, before, after, rounds=ROUNDS)


def _with_index_in_use(settings: Settings, now: Setup, folder: Path) -> Setup:
    """The setup with the index that is in use, where that was built from another document than the present one."""
    from dataclasses import replace

    from interviewer.errors import IndexBrokenError, NotFoundError
    from interviewer.evaluation.faults import Site
    from interviewer.evaluation.setup import Kept
    from interviewer.index.contents import load_source
    from interviewer.wiring import open_versions

    versions = open_versions(settings)
    active = versions.active()
    if active is None or not active.pinned:
        return now  # the next search builds what belongs to the files
    try:
        source = load_source(versions.folder(active.digest))
        versions.release(active.digest)
    except (NotFoundError, IndexBrokenError):
        return now
    if source == now.corpus.read_bytes().decode():
        return now
    return replace(now, index=Kept(corpus=Site(folder).corpus(now, source)))


def run_drill(plan: Plan, workers: int, tell: Tell) -> Matrix:
    """The fault matrix over the system as it ships, spread over processes; the same plan gives the same matrix."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from interviewer.evaluation.matrix import join_matrix, line_of

    numbers = range(plan.runs + plan.no_change)
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_open_drill) as pool:
        done = []
        for case in pool.map(_run_case, [(plan, number) for number in numbers]):
            tell(line_of(case))
            done.append(case)
        return join_matrix(done, pool.submit(_detectable).result(), plan.seed)


_drills: list[Drill] = []
"""The drill of a worker process, opened once."""


def _open_drill() -> None:
    import atexit

    from interviewer.evaluation.matrix import Drill
    from interviewer.settings import Settings

    opened = open_workshop(lambda _: None)
    workshop = opened.__enter__()
    atexit.register(opened.__exit__, None, None, None)
    _drills.append(Drill(workshop, open_gates(), open_setup(Settings(corpus=None)), open_faults()))


def _run_case(task: tuple[Plan, int]) -> Case:
    plan, number = task
    return _drills[0].run(number, plan.seed, changed=number < plan.runs)


def _detectable() -> dict[str, float]:
    return _drills[0].detectable


def save_matrix(settings: Settings, matrix: Matrix) -> None:
    """Keep the latest drill, for reports."""
    path = settings.data_dir / "evals" / "drill" / "matrix.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(matrix.model_dump_json(indent=0) + "\n", encoding="utf-8")


def find_matrix(settings: Settings) -> Matrix | None:
    """The latest drill on this machine, else the shipped one; None where neither can be read."""
    from pydantic import ValidationError

    from interviewer.evaluation.matrix import Matrix
    from interviewer.shipped import shipped_path

    for path in (settings.data_dir / "evals/drill/matrix.json", shipped_path("evals") / "drill/matrix.json"):
        try:
            return Matrix.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
    return None


def render_run(settings: Settings, name: str) -> str:
    """The HTML page of a run, against the baseline of its suite."""
    from interviewer.errors import NotFoundError
    from interviewer.evaluation.checklist import read_items
    from interviewer.evaluation.report import Material, render_report
    from interviewer.evaluation.runs import baseline_name
    from interviewer.shipped import shipped_path
    from interviewer.wiring import open_document

    runs = open_runs(settings)
    record = runs.read(name)
    try:
        before = runs.read(baseline_name(record))
    except NotFoundError:
        before = None
    history = [one for one in runs.records() if one.suite == record.suite and one.at <= record.at] or [record]
    items = read_items(shipped_path("evals/scenario12.toml"))
    document, gates = open_document(settings), open_gates()
    return render_report(Material(record, before, history, find_matrix(settings), items, document, gates))
