"""The desk: where both faces begin, resume, list and grade."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.desk import Desk, Parts, Report
from interviewer.drills.parse import parse_drills
from interviewer.errors import InputError, NotFoundError
from interviewer.interview.keyword_scorer import KeywordScorer
from interviewer.interview.session import Session
from interviewer.interview.state import SessionState
from interviewer.rubric import Rubric
from interviewer.store import SessionStore, open_store
from tests.interview.stage import DRILL, SAID, STRONG, HandClock, drawn, plan_data, small_rubric, speaker


class Gradings:
    """A grader that counts how often it was asked."""

    def __init__(self) -> None:
        self.count = 0

    def grade(self, state: SessionState, rubric: Rubric) -> Report:
        self.count += 1
        return self.render(f'{{"session": "{state.session}", "turns": {len(state.transcript.turns)}}}')

    def render(self, scorecard_json: str) -> Report:
        return Report(scorecard_json=scorecard_json, markdown=scorecard_json, html=scorecard_json, overall=3.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def parts(store: SessionStore) -> Parts:
    gradings = Gradings()
    ids = iter(f"{number:04d}{'0' * 28}" for number in range(100))
    return Parts(
        document=parse_drills(DRILL, "drill.txt"),
        rubrics={1: small_rubric()},
        store=store,
        plan_data=plan_data(),
        speaker=speaker(),
        scorer_for=lambda rubric: KeywordScorer(rubric.scenario.criteria),
        embedder=None,
        grade=gradings.grade,
        render=gradings.render,
        find_topic=lambda topic: [1] if "mail" in topic else [],
        now=HandClock(),
        new_id=lambda: next(ids),
    )


@pytest.fixture
def desk(parts: Parts) -> Desk:
    return Desk(parts)


def begun(desk: Desk) -> Session:
    session = desk.start(1, mode="coach", level="mid", minutes=20)
    drawn(session.reply())
    drawn(session.answer(STRONG, "one"))
    return session


def test_a_session_is_resumed_on_its_own_terms(desk: Desk, parts: Parts) -> None:
    session = begun(desk)
    session.pause()
    again = Desk(parts).resume(session.id[:6])
    assert (again.state.mode, again.state.level, again.state.minutes) == ("coach", "mid", 20)
    assert again.state.transcript == session.state.transcript
    drawn(again.answer(SAID, "two"))
    assert desk.summary(session.id).turns == 2


def test_opening_records_nothing(desk: Desk, store: SessionStore) -> None:
    session = begun(desk)
    before = store.read(session.id)
    assert desk.open(session.id).state == session.state
    assert store.read(session.id) == before


def test_topics(desk: Desk) -> None:
    for topic in ("1", " Scenario 1", "invoices go missing", "some mail trouble"):
        assert [one.number for one in desk.find_scenarios(topic)] == [1]
    for topic in ("soup", "2", ""):
        assert desk.find_scenarios(topic) == ()


def test_what_does_not_exist_is_said(desk: Desk, parts: Parts) -> None:
    with pytest.raises(NotFoundError, match="There are: 1"):
        desk.start(7, mode="real", level="mid", minutes=30)
    bare = Desk(replace(parts, rubrics={}))
    assert bare.scenarios == ()
    with pytest.raises(NotFoundError, match="no rubric"):
        bare.start(1, mode="real", level="mid", minutes=30)
    for call in (desk.resume, desk.summary, desk.grade, desk.delete, desk.find_report, desk.open):
        with pytest.raises(NotFoundError, match="history"):
            call("ffffffff")


def test_a_beginning_must_fit_one(parts: Parts) -> None:
    ids = iter(("abcdef" + "0" * 26, "abcdee" + "0" * 26))
    desk = Desk(replace(parts, new_id=lambda: next(ids)))
    first, _ = begun(desk), begun(desk)
    with pytest.raises(InputError, match="Give more"):
        desk.resume("abcde")
    assert desk.resume("abcdef").id == first.id


def test_a_finished_session_is_graded_once(desk: Desk, parts: Parts) -> None:
    session = begun(desk)
    early = desk.grade(session.id)
    assert desk.find_report(session.id) is None
    drawn(session.finish())
    drawn(session.rate_self({}))
    report = desk.grade(session.id)
    assert report != early
    assert desk.grade(session.id) == report == desk.find_report(session.id)
    assert desk.summary(session.id).overall == 3.0


def test_deleting_is_for_good(desk: Desk) -> None:
    session = begun(desk)
    assert desk.delete(session.id[:5]) == session.id
    assert desk.history() == ()


def test_competencies_come_in_the_order_of_the_rubric(desk: Desk) -> None:
    assert list(desk.competencies())[:2] == ["framing", "investigation"]
