"""Asking back: what is asked, whose answer counts, and that totals close from a range to a number."""

from interviewer.grading.levels import assess
from interviewer.grading.selfcheck import Answer, is_settled, open_questions, settle
from interviewer.transcript import Quote
from interviewer.verdict import Judgement, Label, Ungraded, Verdict
from tests.grading.judged import rubrics

WORDS = Quote(turn=1, start=0, end=4, text="Roll")
FIRST, SECOND, THIRD = (one.bullet for one in rubrics()[1].criteria[:3])


def verdict(criterion: str, label: Label, *, sure: bool = False, score: float = 0.4) -> Verdict:
    quotes = () if label == "not_met" else (WORDS,)
    nearest = None if sure else WORDS
    return Verdict(
        criterion=criterion, label=label, score=score, sure=sure, quotes=quotes, nearest=nearest, judge="embedded@3"
    )


def test_only_what_is_unsure_is_asked_closest_to_the_line_first() -> None:
    judged: tuple[Judgement, ...] = (
        verdict(FIRST, "not_met", score=0.2),
        verdict(SECOND, "met", sure=True),
        verdict(THIRD, "met", score=0.55),
        Ungraded(criterion="s01.inspect.1", reason="none", judge="embedded@3"),
    )
    asked = open_questions(judged, rubrics()[1])
    assert [(one.criterion, one.leaning, one.nearest) for one in asked] == [
        (THIRD, "met", WORDS),
        (FIRST, "not_met", WORDS),
    ]
    assert asked[0].statement == rubrics()[1].criteria[2].statement


def test_an_answer_becomes_a_verdict_of_whoever_gave_it() -> None:
    (settled,) = settle([verdict(FIRST, "not_met")], [Answer(criterion=FIRST, label="met", who="candidate")])
    assert settled.kind == "verdict"
    assert (settled.label, settled.sure, settled.judge, settled.quotes) == ("met", True, "candidate", (WORDS,))
    assert is_settled(settled)
    (denied,) = settle([verdict(FIRST, "met")], [Answer(criterion=FIRST, label="not_met", who="coach")])
    assert denied.kind == "verdict"
    assert (denied.label, denied.quotes, denied.judge) == ("not_met", (), "coach")


def test_a_candidate_cannot_turn_what_is_sure_and_a_coach_can() -> None:
    sure = verdict(FIRST, "not_met", sure=True)
    assert settle([sure], [Answer(criterion=FIRST, label="met", who="candidate")]) == (sure,)
    (turned,) = settle([sure], [Answer(criterion=FIRST, label="met", who="coach")])
    assert turned.judge == "coach"


def test_the_coach_has_the_last_word_and_the_last_answer_counts() -> None:
    coach = Answer(criterion=FIRST, label="partial", who="coach")
    yes, no = (Answer(criterion=FIRST, label=label, who="candidate") for label in ("met", "not_met"))
    for answers in ([coach, yes], [yes, coach]):
        (settled,) = settle([verdict(FIRST, "not_met")], answers)
        assert (settled.judge, settled.kind == "verdict" and settled.label) == ("coach", "partial")
    (settled,) = settle([verdict(FIRST, "not_met")], [yes, no])
    assert settled.kind == "verdict"
    assert settled.label == "not_met"


def test_what_nobody_asked_about_stays() -> None:
    ungraded = Ungraded(criterion=SECOND, reason="none", judge="embedded@3")
    judged: tuple[Judgement, ...] = (verdict(FIRST, "met", sure=True), ungraded)
    answers = [
        Answer(criterion=SECOND, label="met", who="candidate"),
        Answer(criterion="other", label="met", who="coach"),
    ]
    assert settle(judged, answers) == judged


def test_a_range_of_credit_closes_when_somebody_answers() -> None:
    rubric = rubrics()[1]
    criterion, shared = rubric.criteria[0], rubric.shared
    open_ = assess(criterion, verdict(FIRST, "not_met"), None, shared.credits, shared.hint_caps)
    assert (open_.low, open_.high) == (0.0, shared.credits.partial)
    (settled,) = settle([verdict(FIRST, "not_met")], [Answer(criterion=FIRST, label="met", who="candidate")])
    closed = assess(criterion, settled, None, shared.credits, shared.hint_caps)
    assert (closed.low, closed.credit, closed.high) == (1.0, 1.0, 1.0)
