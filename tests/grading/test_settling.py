"""A kept scorecard with people's answers: built anew from what it holds, narrower with each answer, and theirs."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import InputError
from interviewer.grading.grader import Grader, Terms
from interviewer.grading.report import parse_scorecard, render_html, render_json, render_markdown, total_of
from interviewer.grading.scorecard import CriterionResult, Scorecard
from interviewer.grading.scripted import ScriptedJudge
from interviewer.grading.selfcheck import Answer, Who
from interviewer.grading.settling import judgements_of, open_checks, settle_scorecard
from interviewer.verdict import Label
from tests.grading.judged import answers, document, rubrics

RUBRIC = rubrics()[9]
SAID = "I would roll back to the previous feature view right now. <b>Then</b> I diff the logged features."
MET, PARTLY, MISSED, OTHER, SURE, DARK = (
    "s09.mitigate.1", "s09.inspect.1", "s09.inspect.2", "s09.cover.3", "s09.cover.1", "s09.prevent.1",
)  # fmt: skip
UNSURE = (MET, PARTLY, MISSED, OTHER)
# one step up or down from what the judge leans to: what its range allows for
NEAR: dict[str, tuple[Label, ...]] = {
    MET: ("met", "partial"),
    PARTLY: ("met", "partial", "not_met"),
    MISSED: ("not_met", "partial"),
    OTHER: ("not_met", "partial"),
}
LABELS: tuple[Label, ...] = ("met", "partial", "not_met")
TERMS = Terms(
    grade="staff",
    reached={PARTLY: "narrow", MISSED: "reveal", DARK: "pump"},
    self_ratings={"mitigation": 5},
    warnings=("Who is who was guessed.",),
    roles={"Ann": "interviewer"},
    speaker="offline@1",
    worded_by={"offline@1": (0, 2)},
    tokens=7,
)


def fresh() -> Scorecard:
    script: dict[str, tuple[Label, str]] = {
        MET: ("met", "roll back to the previous feature view"),
        PARTLY: ("partial", "I diff the logged features"),
    }
    judge = ScriptedJudge(script, unsure=frozenset(UNSURE), ungraded={DARK: "too dark to read"})
    return Grader(document(), rubrics(), judge, lambda _: ()).grade(answers(9, SAID), TERMS)


def settled(card: Scorecard, *said: tuple[str, Label], who: Who = "candidate") -> Scorecard:
    given = [Answer(criterion=criterion, label=label, who=who) for criterion, label in said]
    # through JSON, as it is kept
    return parse_scorecard(render_json(settle_scorecard(card, given, RUBRIC, document())))


def row(card: Scorecard, criterion: str) -> CriterionResult:
    return next(one for competency in card.competencies for one in competency.criteria if one.criterion == criterion)


def asked(card: Scorecard, who: Who = "candidate") -> list[str]:
    return [one.criterion for one in open_checks(card, RUBRIC, who)]


def test_without_answers_it_is_the_scorecard_that_it_was() -> None:
    card = fresh()
    assert settled(card) == card
    assert set(asked(card)) == set(UNSURE)


def test_what_an_unsure_verdict_hangs_on_is_kept() -> None:
    judged = judgements_of(fresh(), RUBRIC)
    words = [one.nearest for one in open_checks(fresh(), RUBRIC) if one.criterion == MET]
    assert [one.text for one in words if one] == ["roll back to the previous feature view"]
    assert [one.criterion for one in judged] == [one.bullet for one in RUBRIC.criteria]


def test_an_answer_is_the_candidates_and_moves_counts_levels_and_provenance() -> None:
    card = fresh()
    now = settled(card, (OTHER, "met"), (PARTLY, "not_met"))
    assert (row(now, OTHER).label, row(now, OTHER).judge, row(now, OTHER).sure) == ("met", "candidate", True)
    assert (now.met, now.partial, now.unsure) == (card.met + 1, card.partial - 1, card.unsure - 2)
    assert now.provenance.settled == {"candidate": 2}
    assert now.provenance.judge == card.provenance.judge
    assert set(asked(now)) == {MET, MISSED}
    diagnosis = next(one for one in now.competencies if one.id == "diagnosis")
    assert diagnosis.share != next(one.share for one in card.competencies if one.id == "diagnosis")


def test_a_hint_still_caps_what_somebody_answers() -> None:
    now = settled(fresh(), (PARTLY, "met"), (MISSED, "met"))
    assert (row(now, PARTLY).credit, row(now, MISSED).credit) == (RUBRIC.shared.hint_caps.narrow, 0.0)
    assert row(now, PARTLY).hint == "narrow"


def test_the_same_answers_again_change_nothing_and_later_ones_take_their_place() -> None:
    once = settled(fresh(), (OTHER, "met"), (MET, "partial"))
    assert settled(once, (OTHER, "met"), (MET, "partial")) == once
    assert settled(once, (OTHER, "partial")) == settled(fresh(), (OTHER, "partial"), (MET, "partial"))


def test_the_coach_stands_above_the_candidate_whoever_comes_last() -> None:
    candidate = settled(fresh(), (OTHER, "met"))
    assert OTHER in asked(candidate, "coach")
    assert next(one.leaning for one in open_checks(candidate, RUBRIC, "coach") if one.criterion == OTHER) == "met"
    both = settled(candidate, (OTHER, "not_met"), who="coach")
    assert row(both, OTHER).judge == "coach"
    assert OTHER not in asked(both, "coach")
    later = settled(both, (OTHER, "met"))
    assert (row(later, OTHER).label, row(later, OTHER).judge) == ("not_met", "coach")
    assert {(one.who, one.label) for one in later.answers} == {("candidate", "met"), ("coach", "not_met")}


def test_a_sure_verdict_is_open_to_the_coach_alone() -> None:
    card = fresh()
    assert settled(card, (SURE, "met"), (DARK, "met"), ("s99.cover.1", "met")) == card
    turned = settled(card, (SURE, "met"), (DARK, "met"), who="coach")
    assert (row(turned, SURE).judge, row(turned, DARK).label) == ("coach", "ungraded")
    assert turned.provenance.settled == {"coach": 1}


@settings(max_examples=25, deadline=None)
@given(st.permutations(UNSURE), st.fixed_dictionaries({name: st.sampled_from(labels) for name, labels in NEAR.items()}))
def test_the_range_closes_answer_by_answer(order: Sequence[str], said: dict[str, Label]) -> None:
    card = fresh()
    for criterion in order:
        now = settled(card, (criterion, said[criterion]))
        assert card.low is not None
        assert card.high is not None
        assert now.low is not None
        assert now.high is not None
        assert card.low <= now.low <= now.high <= card.high
        assert now.unsure == card.unsure - 1
        card = now
    assert card.low == card.overall == card.high


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({name: st.sampled_from(LABELS) for name in UNSURE}))
def test_any_answers_to_all_leave_one_number_and_nothing_open(said: dict[str, Label]) -> None:
    card = settled(fresh(), *said.items())
    assert card.low == card.overall == card.high
    assert (card.unsure, asked(card)) == (0, [])


def test_a_scorecard_by_another_rubric_is_refused() -> None:
    card = fresh()
    other = card.model_copy(update={"provenance": card.provenance.model_copy(update={"rubric_sha256": "0"})})
    bare = card.model_copy(update={"competencies": card.competencies[1:]})
    for wrong in (other, bare):
        with pytest.raises(InputError, match="another rubric.*Grade it again"):
            open_checks(wrong, RUBRIC)


def test_the_report_says_who_settled_what() -> None:
    card = settled(settled(fresh(), (OTHER, "met"), (PARTLY, "not_met")), (SURE, "partial"), who="coach")
    html, markdown = render_html(card), render_markdown(card)
    for text in (html, markdown):
        assert text.count("settled by the candidate") >= 2
        assert "settled by the coach" in text
    assert "Settled by: candidate 2, coach 1" in markdown
    assert "candidate: 2, coach: 1" in html
    assert "settled by" not in render_markdown(fresh()).lower()
    assert total_of(card).endswith("until settled), 2 open")
