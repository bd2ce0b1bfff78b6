"""A desk with the small drill and one past result."""

from interviewer.desk import Desk, Parts, Report
from interviewer.drills.parse import parse_drills
from interviewer.interview.keyword_scorer import KeywordScorer
from interviewer.store import SessionStore
from tests.interview.stage import DRILL, HandClock, drawn, plan_data, small_rubric, small_scenario, speaker

TITLE, PROMPT = small_scenario().title, small_scenario().prompt
KEY_BULLETS = [one.text for one in small_scenario().key_bullets]
RESULT = 3.5


def open_small_desk(store: SessionStore) -> Desk:
    """With one interview done, as staff, and graded."""
    report = Report(scorecard_json="{}", markdown="", html="", overall=RESULT)
    desk = Desk(
        Parts(
            document=parse_drills(DRILL, "drill.txt"),
            rubrics={1: small_rubric()},
            store=store,
            plan_data=plan_data(),
            speaker=speaker(),
            scorer_for=lambda rubric: KeywordScorer(rubric.scenario.criteria),
            embedder=None,
            grade=lambda state, rubric: report,
            render=lambda scorecard_json: report,
            find_topic=lambda topic: [1] if "mail" in topic else [],
            now=HandClock(),
            new_id=lambda: "f" * 32,
        )
    )
    session = desk.start(1, mode="real", level="staff", minutes=20)
    drawn(session.reply())
    drawn(session.finish())
    drawn(session.rate_self({}))
    desk.grade(session.id)
    return desk
