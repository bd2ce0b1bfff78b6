"""The only place that chooses parts. Each function imports what it needs, so that a command loads no more than that."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from interviewer.desk import Desk, Parts, Report, SessionGrader, TopicFinder
    from interviewer.grading.embedded import EmbeddedJudge
    from interviewer.grading.grader import Grader
    from interviewer.grading.judge import Judge
    from interviewer.grading.meter import JudgeTerms, Meter
    from interviewer.grading.outscored import Outscored
    from interviewer.grading.scorecard import Scorecard
    from interviewer.index.build import Stamp
    from interviewer.index.freshness import Freshness
    from interviewer.index.opening import Engine
    from interviewer.index.recipe import Recipe
    from interviewer.index.retriever import KeyRetriever, PublicRetriever
    from interviewer.index.versions import Versions
    from interviewer.interview.coverage import TurnScorer
    from interviewer.interview.speech import ModelledVoice
    from interviewer.interview.state import SessionState
    from interviewer.interview.tracker import Tracker
    from interviewer.lobby import Lobby
    from interviewer.models.chat import ChatModel
    from interviewer.models.checks import Check
    from interviewer.models.embedder import Embedder
    from interviewer.models.endpoint import Endpoint
    from interviewer.models.language import Deadlines, LanguageModel
    from interviewer.rubric import Rubric
    from interviewer.scenario import DrillDocument
    from interviewer.settings import Settings
    from interviewer.store import SessionStore

# Competencies of one session that are judged at a time.
_AT_A_TIME = 7


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


def find_endpoint(settings: Settings) -> Endpoint | None:
    """The endpoint that the settings describe; None where everything is done offline.

    Raises:
        SettingsError: model or address cannot be used.
    """
    from interviewer.models.endpoint import OPENAI_URL, open_endpoint
    from interviewer.settings import find_proxy

    if not settings.uses_model:
        return None
    proxy = find_proxy(settings.base_url or OPENAI_URL)
    return open_endpoint(settings.model, settings.base_url, settings.api_key, proxy, allow_http=settings.allow_http)


def open_model(settings: Settings, tell: Callable[[str], None] = lambda text: None) -> ChatModel | None:
    """The language model that is set, one connection pool of its own; None where everything is done offline.

    Args:
        tell: is given a sentence when a call has to wait.
    """
    from random import Random

    from interviewer.models.chat import ChatModel
    from interviewer.models.methods import MethodBook

    endpoint = find_endpoint(settings)
    if endpoint is None:
        return None
    book = MethodBook(settings.data_dir / "methods.json")
    return ChatModel(endpoint, book, jitter=Random(), tell=tell)


def examine(
    settings: Settings, *, window_tokens: int, tell: Callable[[str], None] = lambda text: None
) -> Iterator[Check]:
    """What the doctor finds, row by row; nothing leaves the machine where everything is done offline.

    Args:
        window_tokens: how long a prompt is tried; 0 tries none.
    """
    import secrets
    import time

    from interviewer.errors import SettingsError
    from interviewer.models.checks import Check, check_engine, check_telemetry
    from interviewer.privacy import find_loud

    uses_model, has_key = settings.uses_model, bool(settings.api_key)
    yield check_engine(settings.engine, uses_model=uses_model, has_key=has_key, base_url=settings.base_url)
    yield check_telemetry(find_loud())
    try:
        model = open_model(settings, tell)
    except SettingsError as error:
        yield Check(name=error.where or "settings", mark="fail", what=error.what, next_step=error.next_step)
        return
    if model is None:
        return
    from interviewer.models.doctor import Doctor
    from interviewer.models.tokens import count_tokens

    nonce = secrets.token_hex(8)
    try:
        doctor = Doctor(
            model,
            count_tokens=count_tokens,
            now=time.monotonic,
            nonce=nonce,
            window_tokens=window_tokens,
            deadlines=grade_deadlines(settings),
        )
        yield from doctor.examine()
    finally:
        model.close()


def open_store(settings: Settings) -> SessionStore:
    """The sessions of the data folder."""
    from interviewer import store

    return store.open_store(settings.data_dir)


def open_judge(settings: Settings) -> EmbeddedJudge:
    """Who judges transcripts: the embedded judge."""
    from interviewer.grading.embedded import EmbeddedJudge

    return EmbeddedJudge(open_embedder(), open_document(settings))


def open_meter(settings: Settings, terms: JudgeTerms, model: LanguageModel | None = None) -> Meter | None:
    """The language model as judge, with what it costs; None where everything is done offline.

    Args:
        model: in place of the one that is set.

    Raises:
        SettingsError: the model cannot be used, or --max-cost is given and its prices are not.
    """
    import secrets

    from interviewer.grading.judge_prompt import JudgePrompt
    from interviewer.grading.language_judge import LanguageJudge
    from interviewer.grading.meter import Meter
    from interviewer.models.budget import BudgetedModel
    from interviewer.models.cost import Prices
    from interviewer.models.tokens import count_tokens

    chosen = model or open_model(settings)
    if chosen is None:
        return None
    prices = Prices(prompt=settings.price_prompt, cached=settings.price_cached, completion=settings.price_completion)
    purse = BudgetedModel(chosen, count_tokens, prices, max_calls=terms.max_calls, max_cost=terms.max_cost)
    judge = LanguageJudge(
        purse,
        JudgePrompt(open_document(settings)),
        lambda: secrets.token_hex(8),
        passes=terms.passes,
        workers=terms.concurrency,
        deadlines=grade_deadlines(settings),
    )
    return Meter(judge, purse, prices, count_tokens)


def judge_for(settings: Settings, *, fallback: bool = False, model: LanguageModel | None = None) -> Judge:
    """Who judges by the settings: the language model or the embedded judge.

    Args:
        fallback: the embedded judge steps in where the model fails.
        model: in place of the one that is set.
    """
    from interviewer.grading.fallback import FallbackJudge
    from interviewer.grading.meter import JudgeTerms

    meter = open_meter(settings, JudgeTerms(concurrency=_AT_A_TIME), model)
    if meter is None:
        return open_judge(settings)
    advice = "`interviewer history grade SESSION` has the model judge it later."
    return FallbackJudge(meter.judge, open_judge(settings), advice) if fallback else meter.judge


def measure_agreement(
    settings: Settings,
    folder: Path,
    *,
    baselines: bool,
    rounds: int,
    terms: JudgeTerms | None = None,
    limit: int | None = None,
    model: LanguageModel | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Figures of the judge, and of the baselines, against the labels in a folder.

    What could not be read or judged stands under `faults`; the figures are those of the rest.

    Args:
        terms: how a language model judges, where the settings choose one.
        limit: of the pairs, in the order of their names, so many.
        tell: is given the estimate before, and what was used after.
    """
    from interviewer.errors import GoldError
    from interviewer.grading.agreement import judge_baselines, judge_gold, report
    from interviewer.grading.embedded import EmbeddedJudge
    from interviewer.grading.gold import GoldItem, read_gold
    from interviewer.grading.meter import JudgeTerms

    terms = terms or JudgeTerms()
    rubrics, meter = open_rubrics(settings), open_meter(settings, terms, model)
    read = list(read_gold(folder, rubrics))
    gold = [one for one in read if isinstance(one, GoldItem)][:limit]
    if meter:
        tell(meter.estimate((one.transcript, rubrics[one.transcript.scenario or 0]) for one in gold))
    judge: Judge = meter.judge if meter else open_judge(settings)
    outcome = judge_gold(judge, gold, rubrics, workers=terms.transcripts if meter else 1)
    if meter:
        tell(meter.spent())
    gold = [one for one in gold if one.transcript.id not in outcome.failed]
    figures = report(outcome, rounds=rounds)
    figures["judge"] = judge.identity
    knows = judge.knows if isinstance(judge, EmbeddedJudge) else lambda name: False
    figures["seen"] = sum(knows(one.transcript.id) for one in gold)
    figures["faults"] = [str(one) for one in read if isinstance(one, GoldError)]
    figures["faults"] += [f"{name}: {error}" for name, error in outcome.failed.items()]
    if baselines:
        outcomes = judge_baselines(gold, rubrics, open_document(settings), open_embedder())
        figures["baselines"] = {name: report(outcome, rounds=rounds) for name, outcome in outcomes.items()}
    return figures


def find_outscored_phrasings(settings: Settings, folder: Path) -> tuple[Outscored, ...]:
    """Near misses of a rubric folder that the judge likes better than phrasings that count, by scenario."""
    from interviewer.grading.outscored import find_outscored
    from interviewer.rubrics.read import read_rubrics

    judge = open_judge(settings)
    return tuple(one for _, rubric in sorted(read_rubrics(folder).items()) for one in find_outscored(judge, rubric))


def open_turn_scorers(settings: Settings) -> Callable[[Rubric], TurnScorer]:
    """Who scores a candidate's turn while the interview runs: the embedded judge, opened when it is first needed."""
    from interviewer.grading.turns import EmbeddedTurnScorer
    from interviewer.interview.read_ahead import ReadAhead

    judge = cache(lambda: open_judge(settings))
    scorers: dict[int, TurnScorer] = {}

    def scorer_for(rubric: Rubric) -> TurnScorer:
        """One per drill, since it remembers the drafts that it has read."""
        number = rubric.scenario.scenario
        if number not in scorers:
            scorers[number] = ReadAhead(EmbeddedTurnScorer(judge(), rubric))
        return scorers[number]

    return scorer_for


def open_desk(settings: Settings, *, fallback: bool = True) -> Desk:
    """What both faces talk to; see `open_parts`."""
    from interviewer.desk import Desk

    return Desk(open_parts(settings, fallback=fallback))


def open_parts(settings: Settings, *, fallback: bool = True) -> Parts:
    """The parts of a desk.

    Args:
        fallback: where the model fails to judge, the embedded judge steps in; otherwise it is an error.
    """
    import secrets
    import time

    from interviewer.desk import Parts
    from interviewer.interview.opening import WORDING, read_plan_data
    from interviewer.interview.speaker import OfflineSpeaker
    from interviewer.prompts.read import read_prompt
    from interviewer.traffic import read_traffic

    plan_data, model = read_plan_data(), open_model(settings)
    return Parts(
        document=open_document(settings),
        rubrics=open_rubrics(settings),
        store=open_store(settings),
        plan_data=plan_data,
        speaker=OfflineSpeaker(read_prompt(WORDING), plan_data.common_words),
        scorer_for=open_turn_scorers(settings),
        embedder=open_embedder(),
        grade=open_session_grader(settings, fallback=fallback, model=model),
        render=render_report,
        find_topic=open_topic_finder(settings),
        now=time.time,
        new_id=lambda: secrets.token_hex(16),
        engine=f"{model.identity} at {model.endpoint.host}" if model else "offline",
        voice=open_voice(settings, model) if model else None,
        tracker_for=open_trackers(settings, model) if model else None,
        later=run_aside,
        notices=lambda: find_notices(settings),
        status=lambda: describe_status(settings),
        topics_open=lambda: not read_traffic(settings.data_dir).restricted,
    )


def turn_deadlines(settings: Settings) -> Deadlines:
    """How long the candidate waits for a turn; pauses between words are as long as the first word may take at most."""
    from interviewer.models.language import Deadlines

    first_s = min(settings.first_word_s, settings.turn_deadline_s)
    return Deadlines(total_s=settings.turn_deadline_s, first_s=first_s, between_s=min(15.0, first_s))


def grade_deadlines(settings: Settings) -> Deadlines:
    """How long a call of judge or tracker may take, of which nobody reads along."""
    from interviewer.models.language import Deadlines

    total_s = settings.grade_deadline_s
    return Deadlines(total_s=total_s, first_s=total_s, between_s=total_s)


def open_voice(settings: Settings, model: LanguageModel) -> ModelledVoice:
    """The interviewer's voice by a language model."""
    import secrets

    from interviewer.interview.opening import WORDING
    from interviewer.interview.speech import ModelledVoice
    from interviewer.interview.voice import INTERVIEWER, MOVES, ModelVoice
    from interviewer.prompts.read import read_prompt

    moves = read_prompt(MOVES)
    secret, deadlines = secrets.token_hex(16), turn_deadlines(settings)
    voice = ModelVoice(model, read_prompt(INTERVIEWER), moves, secret=secret, deadlines=deadlines)
    return ModelledVoice(voice, moves, read_prompt(WORDING))


def open_trackers(settings: Settings, model: LanguageModel) -> Callable[[Rubric], Tracker]:
    """Who looks at answers again while the candidate reads on."""
    import secrets

    from interviewer.interview.tracker import COVERAGE, COVERAGE_TURN, ModelTracker
    from interviewer.prompts.read import read_prompt

    def tracker_for(rubric: Rubric) -> Tracker:
        template, turn = read_prompt(COVERAGE), read_prompt(COVERAGE_TURN)
        return ModelTracker(
            model,
            rubric,
            template=template,
            turn=turn,
            new_nonce=lambda: secrets.token_hex(6),
            deadlines=grade_deadlines(settings),
        )

    return tracker_for


def run_aside(work: Callable[[], None]) -> None:
    """Run work in a thread that holds up nothing, not even the end of the program."""
    from threading import Thread

    Thread(target=work, name="late scoring", daemon=True).start()


def open_lobbies(
    settings: Settings, desk: Desk, tell: Callable[[str], None] = lambda text: None
) -> Callable[[], Lobby]:
    """Opens lobbies, one for each visitor, that share a model where one is set.

    Args:
        tell: is given a sentence when a call has to wait.
    """
    from interviewer.lobby import Lobby, lobby_tools

    endpoint = find_endpoint(settings)
    if endpoint is None:
        return lambda: Lobby(desk, None)
    from random import Random

    from interviewer.models.lobby_agent import LobbyAgent

    deadlines = turn_deadlines(settings)
    agent = LobbyAgent(endpoint, lobby_tools(desk), jitter=Random(), tell=tell, deadlines=deadlines)
    return lambda: Lobby(desk, agent)


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
    cannot be read."""
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


def describe_status(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Rows for the status of the service; what cannot be told says why, and the rest stands."""
    from interviewer.errors import InterviewerError
    from interviewer.traffic import read_traffic

    endpoint = find_endpoint(settings)
    rows = [("Interviewer and judge", f"{endpoint.identity} at {endpoint.host}" if endpoint else "offline, embedded")]
    try:
        fresh = check_freshness(settings)
        canary = "found" if fresh.canary else "not found"
        rows.append(("Index", f"{fresh.state}: {fresh.says}"))
        rows.append(("Passages", f"{fresh.matching:.1%} of the corpus, {fresh.tombstones} left over, canary {canary}"))
        step, why = find_step(settings)
        rows.append(("Search", f"{step}. {why}".rstrip(". ") + "."))
    except InterviewerError as error:
        rows.append(("Index", str(error)))
    rows.append(("Free topics", read_traffic(settings.data_dir).notice or "open"))
    return tuple(rows)


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


def open_grader(settings: Settings, judge: Judge | None = None) -> Grader:
    """Grades saved transcripts, and finished sessions; by the embedded judge where no other is given."""
    from threading import Lock

    from interviewer.grading.grader import Grader

    routes = cache(lambda: open_retriever(settings))
    lock = Lock()  # transcripts graded at the same time must not open, or build, two indexes

    def route(words: str) -> list[int]:
        with lock:
            found = routes().find(words, 1)
        return [found.scenario] if found.scenario is not None else []

    active = open_versions(settings).active()
    manifest = active.digest if active else ""
    return Grader(open_document(settings), open_rubrics(settings), judge or open_judge(settings), route, manifest)


def open_session_grader(
    settings: Settings, *, fallback: bool = True, model: LanguageModel | None = None
) -> SessionGrader:
    """Grades sessions; the judge is opened at the first one and kept. Arguments as in `judge_for`."""
    from interviewer.grading.grader import Terms

    opened = cache(lambda: open_grader(settings, judge_for(settings, fallback=fallback, model=model)))

    def grade_session(state: SessionState, rubric: Rubric) -> Report:
        terms = Terms(
            grade=state.level,
            reached=state.coverage.reached(),
            self_ratings=dict((state.self_ratings or {}).items()),
            speaker=state.speaker,
            prompts=_prompts(state),
            worded_by=_worded_by(state),
            tokens=state.tokens,
        )
        return _show_scorecard(opened().grade(state.transcript, terms))

    return grade_session


def _prompts(state: SessionState) -> tuple[str, ...]:
    """The prompts that worded the interviewer's turns: what stands behind the speaker in `speaker@1+prompt@2`."""
    speakers = dict.fromkeys([one.by for one in state.sayings if one.by] or [state.speaker])
    named = (name for speaker in speakers for name in speaker.split("+")[1:])
    return tuple(dict.fromkeys(name for name in named if "@" in name))


def _worded_by(state: SessionState) -> dict[str, tuple[int, ...]]:
    """Speaker -> indices of the turns that it worded."""
    found: dict[str, tuple[int, ...]] = {}
    for one in state.sayings:
        if one.by:
            found[one.by] = (*found.get(one.by, ()), one.turn)
    return found


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
