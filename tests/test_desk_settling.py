"""The desk: what is open in a report is answered, kept, and carried into the next grading."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from interviewer.desk import Desk, Report
from interviewer.errors import NotFoundError, PhaseError
from interviewer.grading.report import parse_scorecard
from interviewer.grading.scorecard import Scorecard
from interviewer.store import SessionStore, open_store
from tests.doubts import SURE, UNSURE, hold_interview, open_doubting_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: SessionStore) -> Desk:
    return open_doubting_desk(store)


@pytest.fixture
def session(desk: Desk) -> str:
    return hold_interview(desk)


def card(report: Report | None) -> Scorecard:
    assert report
    return parse_scorecard(report.scorecard_json)


def test_answers_are_kept_and_the_history_shows_the_new_total(desk: Desk, session: str) -> None:
    before = card(desk.grade(session))
    assert {one.criterion for one in desk.self_checks(session)} == set(UNSURE)
    report = desk.settle(session[:6], {UNSURE[1]: "met", UNSURE[3]: "partial"}, "candidate")
    assert report == desk.find_report(session) == desk.grade(session)
    assert card(report).unsure == before.unsure - 2
    assert desk.summary(session).overall == report.overall != before.overall
    assert {one.criterion for one in desk.self_checks(session)} == set(UNSURE) - {UNSURE[1], UNSURE[3]}
    assert {one.criterion for one in desk.self_checks(session, "coach")} == set(UNSURE)
    assert desk.settle(session, {UNSURE[1]: "met"}, "candidate") == report


def test_grading_again_keeps_what_people_said(desk: Desk, session: str) -> None:
    desk.settle(session, {UNSURE[1]: "met"}, "candidate")
    settled = desk.settle(session, {SURE: "met", UNSURE[1]: "partial"}, "coach")
    assert desk.grade(session, again=True) == settled == desk.find_report(session)
    assert card(settled).provenance.settled == {"coach": 2}


def test_grading_again_replaces_a_scorecard_that_cannot_be_read(desk: Desk, session: str, store: SessionStore) -> None:
    store.save_scorecard(session, "{}", None)
    assert card(desk.grade(session, again=True)).answers == ()


def test_what_is_not_over_or_not_there_cannot_be_settled(desk: Desk) -> None:
    begun = desk.start(1, mode="real", level="mid", minutes=20)
    for call in (lambda: desk.self_checks(begun.id), lambda: desk.settle(begun.id, {}, "candidate")):
        with pytest.raises(PhaseError, match="talk --resume"):
            call()
    with pytest.raises(NotFoundError, match="history"):
        desk.self_checks("ffffffff")


def test_answers_given_at_the_same_time_are_all_kept(desk: Desk, session: str) -> None:
    desk.grade(session)
    threads = [Thread(target=desk.settle, args=(session, {name: "met"}, "candidate")) for name in UNSURE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.criterion for one in card(desk.find_report(session)).answers} == set(UNSURE)
