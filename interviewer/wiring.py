"""The only place that chooses parts. Each function imports what it needs, so that a command loads no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.desk import Desk, Report
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


def open_embedder() -> Embedder:
    """The embedder that ships; its files are read when first needed."""
    from interviewer.models.minilm import MiniLM

    return MiniLM()


def open_rubrics(settings: Settings) -> dict[int, Rubric]:
    """Scenario -> rubric, from the folder that is set, else the shipped one."""
    from interviewer.rubrics.read import read_rubrics
    from interviewer.shipped import shipped_path

    return read_rubrics(settings.rubrics or shipped_path("rubrics"))


def open_store(settings: Settings) -> SessionStore:
    """The sessions of the data folder."""
    from interviewer import store

    return store.open_store(settings.data_dir)


def open_turn_scorer(rubric: Rubric) -> TurnScorer:
    """Who scores a candidate's turn while the interview runs."""
    from interviewer.interview.keyword_scorer import KeywordScorer

    return KeywordScorer(rubric.scenario.criteria)


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
            scorer_for=open_turn_scorer,
            embedder=open_embedder(),
            grade=lambda state, rubric: grade_session(settings, state, rubric),
            render=render_report,
            find_topic=lambda topic: find_topic(settings, topic),
            now=time.time,
            new_id=lambda: secrets.token_hex(16),
        )
    )


def find_topic(settings: Settings, topic: str) -> list[int]:
    """Scenario numbers that fit some words, best first; empty when nothing fits."""
    wanted = set(topic.lower().split())
    scenarios = open_document(settings).scenarios
    hits = {one.number: len(wanted & set(f"{one.title} {one.prompt}".lower().split())) for one in scenarios}
    return sorted((number for number in hits if hits[number]), key=lambda number: -hits[number])


def grade_session(settings: Settings, state: SessionState, rubric: Rubric) -> Report:
    """The report on a session."""
    import json

    rows = [(entry.criterion, entry.status, entry.how) for entry in state.coverage.entries]
    return render_report(json.dumps({"session": state.session, "rubric": rubric.identity, "ledger": rows}))


def render_report(scorecard_json: str) -> Report:
    """A kept scorecard, ready to show."""
    import json
    from html import escape

    from interviewer.desk import Report

    rows = json.loads(scorecard_json)["ledger"]
    told = "\n".join(f"- {criterion}: {status.replace('_', ' ')} {how}".rstrip() for criterion, status, how in rows)
    markdown = f"# What came up\n\n{told}\n"
    return Report(scorecard_json=scorecard_json, markdown=markdown, html=f"<pre>{escape(markdown)}</pre>", overall=None)
