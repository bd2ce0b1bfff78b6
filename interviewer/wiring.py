"""The only place that chooses parts. Each function imports what it needs, so that a command loads no more than that."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interviewer.desk import Desk, Report, SessionGrader, TopicFinder
    from interviewer.grading.embedded import EmbeddedJudge
    from interviewer.grading.grader import Grader
    from interviewer.grading.scorecard import Scorecard
    from interviewer.index.build import Stamp
    from interviewer.index.freshness import Freshness
    from interviewer.index.opening import Engine
    from interviewer.index.recipe import Recipe
    from interviewer.index.retriever import KeyRetriever, PublicRetriever
    from interviewer.index.versions import Versions
    from interviewer.interview.coverage import TurnScorer
    from interviewer.interview.state import SessionState
    from interviewer.models.embedder import Embedder
    from interviewer.rubric import Rubric
    from interviewer.scenario import DrillDocument
    from interviewer.settings import Settings
    from interviewer.store import SessionStore


def open_document(settings: Settings) -> DrillDocument:
    """The drill document that is set, else the shipped one."""
    from interviewer.drills.read import read_drills
    from interviewer.shipped import shipped_path

    return read_drills(settings.corpus or shipped_path("corpus/mlops_drills.txt"))


@cache
def open_embedder() -> Embedder:
    """The embedder that ships, one for the whole process (it holds no state); its files are read when first needed."""
    from interviewer.models.minilm import MiniLM

    return MiniLM()


def open_rubrics(settings: Settings) -> dict[int, Rubric]:
    """Scenario -> rubric, from the folder that is set, else the shipped one."""
    from interviewer.rubrics.read import read_rubrics

    return read_rubrics(find_rubric_folder(settings))


def find_rubric_folder(settings: Settings) -> Path:
    """The rubric folder that is set, else the shipped one; from the working directory where it lies below."""
    from pathlib import Path

    from interviewer.shipped import shipped_path

    folder = settings.rubrics or shipped_path("rubrics")
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def open_store(settings: Settings) -> SessionStore:
    """The sessions of the data folder."""
    from interviewer import store

    return store.open_store(settings.data_dir)


def open_judge(settings: Settings) -> EmbeddedJudge:
    """Who judges transcripts: the embedded judge."""
    from interviewer.grading.embedded import EmbeddedJudge

    return EmbeddedJudge(open_embedder(), open_document(settings))


def measure_agreement(settings: Settings, folder: Path, *, baselines: bool, rounds: int) -> dict[str, Any]:
    """Figures of the judge, and of the baselines, against the labels in a folder; unreadable pairs under `faults`."""
    from interviewer.errors import GoldError
    from interviewer.grading.agreement import judge_baselines, judge_gold, report
    from interviewer.grading.bank import read_assets
    from interviewer.grading.gold import GoldItem, read_gold

    rubrics, judge = open_rubrics(settings), open_judge(settings)
    read = list(read_gold(folder, rubrics))
    gold = [one for one in read if isinstance(one, GoldItem)]
    figures = report(judge_gold(judge, gold, rubrics), rounds=rounds)
    figures["judge"] = judge.identity
    figures["faults"] = [str(one) for one in read if isinstance(one, GoldError)]
    if baselines:
        embedder = open_embedder()
        idf = read_assets(embedder)[2]["idf"]
        outcomes = judge_baselines(gold, rubrics, open_document(settings), embedder, idf)
        figures["baselines"] = {name: report(outcome, rounds=rounds) for name, outcome in outcomes.items()}
    return figures


def open_turn_scorers(settings: Settings) -> Callable[[Rubric], TurnScorer]:
    """Who scores a candidate's turn while the interview runs: the embedded judge, opened when it is first needed."""
    from interviewer.grading.turns import EmbeddedTurnScorer

    judge = cache(lambda: open_judge(settings))
    return lambda rubric: EmbeddedTurnScorer(judge(), rubric)


def open_desk(settings: Settings) -> Desk:
    """What both faces talk to."""
    import secrets
    import time

    from interviewer.desk import Desk, Parts
    from interviewer.interview.opening import WORDING, read_plan_data
    from interviewer.interview.speaker import OfflineSpeaker
    from interviewer.prompts.read import read_prompt

    plan_data = read_plan_data()
    return Desk(
        Parts(
            document=open_document(settings),
            rubrics=open_rubrics(settings),
            store=open_store(settings),
            plan_data=plan_data,
            speaker=OfflineSpeaker(read_prompt(WORDING), plan_data.common_words),
            scorer_for=open_turn_scorers(settings),
            embedder=open_embedder(),
            grade=open_session_grader(settings),
            render=render_report,
            find_topic=open_topic_finder(settings),
            now=time.time,
            new_id=lambda: secrets.token_hex(16),
            notices=lambda: find_notices(settings),
        )
    )


def open_recipe(settings: Settings) -> Recipe:
    """What the index of the drill document is made from."""
    from interviewer.index.recipe import Recipe
    from interviewer.models.minilm import SHA256
    from interviewer.models.tokens import count_tokens
    from interviewer.shipped import shipped_path

    corpus = settings.corpus or shipped_path("corpus/mlops_drills.txt")
    return Recipe(corpus, open_embedder(), SHA256["model_int8.onnx"], count_tokens)


def open_versions(settings: Settings) -> Versions:
    """The indexes of the data folder."""
    from interviewer.index.versions import Versions

    return Versions(settings.data_dir / "indexes")


def new_stamp() -> Stamp:
    """What makes a build of now distinct from any other."""
    import secrets
    import time

    from interviewer.index.build import Stamp

    return Stamp(now=time.time(), nonce=secrets.token_hex(8))


def open_retriever(
    settings: Settings, engine: Engine = "exact", tell: Callable[[str], None] = lambda _: None
) -> KeyRetriever:
    """Search over the answer key: for evaluation, coaches and grading."""
    from interviewer.index.opening import Ways, open_key_retriever

    return open_key_retriever(open_versions(settings), open_recipe(settings), Ways(engine, new_stamp(), tell))


def open_public_retriever(settings: Settings, engine: Engine = "chroma") -> PublicRetriever:
    """Search for the interviewer: it cannot return a chunk of the answer key."""
    from interviewer.index import opening

    ways = opening.Ways(engine, new_stamp())
    return opening.open_public_retriever(open_versions(settings), open_recipe(settings), ways)


def open_topic_finder(settings: Settings) -> TopicFinder:
    """Words -> scenario numbers, best first, empty when nothing fits; the index is opened at the first use and kept."""
    from threading import Lock

    from interviewer.errors import InterviewerError
    from interviewer.traffic import read_traffic

    opened: dict[str, PublicRetriever] = {}
    lock = Lock()  # two visitors at once must not open, or build, two indexes

    def find_topic(topic: str) -> list[int]:
        if read_traffic(settings.data_dir).restricted:
            return []
        try:
            with lock:
                retriever = _open_current(settings, opened)
            found = retriever.find(topic, 1) if topic.strip() else None
        except InterviewerError:
            return []  # the drill is chosen from the list, without any retrieval
        return [one.scenario for one in found.ranked] if found and found.scenario is not None else []

    return find_topic


def _open_current(settings: Settings, opened: dict[str, PublicRetriever]) -> PublicRetriever:
    """The retriever of the corpus as it is now: one that was opened for other files is closed and the index built
    again."""
    mark = _file_marks(settings)
    if not mark and opened:
        return next(iter(opened.values()))  # a file is being replaced, or gone: what was opened still answers
    if mark not in opened:
        retriever = open_public_retriever(settings)
        for old in list(opened):
            opened.pop(old).close()
        opened[mark] = retriever
    return opened[mark]


def _file_marks(settings: Settings) -> str:
    """Sizes and times of the files that the index is made from, and the pointer to a chosen one; empty where a file
    cannot
    be read."""
    recipe = open_recipe(settings)
    folders = (recipe.phrasings, recipe.exemplars)
    try:
        paths = [recipe.corpus, *(path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()))]
        marks = [f"{path.name} {stat.st_size} {stat.st_mtime_ns}" for path in paths if (stat := path.stat())]
    except OSError:
        return ""
    active = open_versions(settings).active()
    return "; ".join([*marks, f"pinned {active.digest}" if active and active.pinned else ""])


def check_freshness(settings: Settings) -> Freshness:
    """The index in use against the corpus: for `interviewer freshness` and the app's status page."""
    import time

    from interviewer.index import freshness

    return freshness.check_freshness(open_versions(settings), open_recipe(settings), time.time())


def find_step(settings: Settings) -> tuple[str, str]:
    """On which step of the fallback chain the retrieval stands, and why it is not on the first."""
    from interviewer.errors import IndexUnavailableError, ShippedDataError
    from interviewer.index.opening import Ways, open_index

    recipe = open_recipe(settings)
    try:
        opened = open_index(open_versions(settings), recipe, Ways("chroma", new_stamp()))
    except (IndexUnavailableError, ShippedDataError) as error:
        return "no retrieval, drills are chosen from the list", str(error)
    for search in opened.searches.values():
        search.close()
    if opened.engine == "bm25":
        return "search by words alone", opened.reduced
    if opened.engine == "exact":
        return "exact search", opened.reduced
    return ("an index of another time" if opened.reduced else "the index of the corpus"), opened.reduced


def find_notices(settings: Settings) -> tuple[str, ...]:
    """What visitors should know about the service, without opening an index: closed topics, an index of another
    corpus."""
    from hashlib import sha256

    from interviewer.errors import IndexBrokenError, NotFoundError
    from interviewer.traffic import read_traffic

    found, versions = [read_traffic(settings.data_dir).notice], open_versions(settings)
    active = versions.active()
    if active and active.pinned:
        try:
            indexed = versions.release(active.digest).manifest.corpus.sha256
        except (NotFoundError, IndexBrokenError):
            indexed = ""
        corpus = open_recipe(settings).corpus
        if corpus.is_file() and indexed != sha256(corpus.read_bytes()).hexdigest():
            found.append("The index in use was chosen by hand and is of another corpus than the present one.")
    return tuple(one for one in found if one)


def open_grader(settings: Settings) -> Grader:
    """Grades saved transcripts, and finished sessions."""
    from interviewer.grading.grader import Grader

    routes = cache(lambda: open_retriever(settings))

    def route(words: str) -> list[int]:
        found = routes().find(words, 1)
        return [found.scenario] if found.scenario is not None else []

    active = open_versions(settings).active()
    manifest = active.digest if active else ""
    return Grader(open_document(settings), open_rubrics(settings), open_judge(settings), route, manifest)


def open_session_grader(settings: Settings) -> SessionGrader:
    """Grades sessions; the judge is opened at the first one and kept."""
    from interviewer.grading.grader import Terms

    opened = cache(lambda: open_grader(settings))

    def grade_session(state: SessionState, rubric: Rubric) -> Report:
        prompts = tuple(name for name in state.speaker.split("+") if "@" in name)[1:]
        terms = Terms(
            grade=state.level,
            reached=state.coverage.reached(),
            self_ratings=dict((state.self_ratings or {}).items()),
            speaker=state.speaker,
            prompts=prompts,
        )
        return _show_scorecard(opened().grade(state.transcript, terms))

    return grade_session


def render_report(scorecard_json: str) -> Report:
    """A kept scorecard, ready to show."""
    from interviewer.grading.report import parse_scorecard

    return _show_scorecard(parse_scorecard(scorecard_json))


def _show_scorecard(card: Scorecard) -> Report:
    from interviewer.desk import Report
    from interviewer.grading.report import render_html, render_json, render_markdown

    return Report(
        scorecard_json=render_json(card), markdown=render_markdown(card), html=render_html(card), overall=card.overall
    )
