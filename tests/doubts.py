"""A desk whose judge is unsure of nearly everything, for what is asked back."""

from interviewer.desk import Desk, Parts, Report
from interviewer.drills.parse import parse_drills
from interviewer.grading.grader import Grader, Terms
from interviewer.grading.report import render_json
from interviewer.grading.scripted import ScriptedJudge
from interviewer.interview.keyword_scorer import KeywordScorer
from interviewer.interview.state import SessionState
from interviewer.rubric import Rubric
from interviewer.store import SessionStore
from interviewer.wiring import render_report
from tests.interview.stage import CRITERIA, DRILL, STRONG, HandClock, drawn, plan_data, small_rubric, speaker

SURE, *UNSURE = CRITERIA


def grade(state: SessionState, rubric: Rubric) -> Report:
    judge = ScriptedJudge({UNSURE[0]: ("met", "mail queue")}, unsure=frozenset(UNSURE))
    grader = Grader(parse_drills(DRILL, "drill.txt"), {1: rubric}, judge, lambda _: ())
    return render_report(render_json(grader.grade(state.transcript, Terms())))


def open_doubting_desk(store: SessionStore) -> Desk:
    ids = iter(f"{number:04d}{'0' * 28}" for number in range(100))
    parts = Parts(
        document=parse_drills(DRILL, "drill.txt"),
        rubrics={1: small_rubric()},
        store=store,
        plan_data=plan_data(),
        speaker=speaker(),
        scorer_for=lambda rubric: KeywordScorer(rubric.scenario.criteria),
        embedder=None,
        grade=grade,
        render=render_report,
        find_topic=lambda topic: (),
        now=HandClock(),
        new_id=lambda: next(ids),
    )
    return Desk(parts)


def hold_interview(desk: Desk) -> str:
    """The id of an interview that is over."""
    begun = desk.start(1, mode="real", level="mid", minutes=20)
    drawn(begun.reply())
    drawn(begun.answer(STRONG, "one"))
    drawn(begun.finish())
    drawn(begun.rate_self({"framing": 4}))
    return begun.id
