"""The plan: what may be asked, and how much of it."""

import pytest

from interviewer.interview.coverage import Coverage
from interviewer.interview.plan import MAX_CANDIDATE_TURNS, STAGES
from interviewer.interview.view import View
from interviewer.transcript import Transcript, Turn
from tests.interview.stage import plan_data, shipped_document, shipped_plan, small_plan


@pytest.mark.parametrize(("minutes", "questions"), [(5, 3), (30, 10), (45, 15), (120, 16)])
def test_minutes_become_questions(minutes: int, questions: int) -> None:
    plan = small_plan(minutes=minutes)
    assert plan.question_budget == questions
    assert questions < plan.turn_budget <= MAX_CANDIDATE_TURNS


def test_every_stage_has_its_share_of_the_questions() -> None:
    for number in range(1, 13):
        plan = shipped_plan(number)
        asked_about = {question.competency for question in plan.probes}
        assert all(plan.quotas[stage] >= 1 for stage in STAGES if stage in asked_about)
        assert sum(plan.quotas.values()) <= plan.question_budget


def test_every_listed_follow_up_has_its_row_word_for_word() -> None:
    rows = {row.id: row.question for row in plan_data().joins}
    listed = {one.id: one.text for scenario in shipped_document().scenarios for one in scenario.follow_ups}
    assert len(listed) == 19
    assert rows == listed


def test_the_rows_aim_at_criteria_that_exist() -> None:
    known = {one.id for scenario in shipped_document().scenarios for one in scenario.key_bullets}
    assert all(set(row.targets) <= known for row in plan_data().joins)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "I'd log the request with every field hashed. Personal data is masked before it is written."),
        (2, "Nodes idle at night, so I scale down the GPU pool."),
        (3, "If p99 is above the budget for ten minutes, the trigger fires and we roll back."),
        (7, "Maybe the offline test set was biased because of leakage."),
    ],
)
def test_words_that_answer_a_follow_up_are_known(number: int, text: str) -> None:
    plan = shipped_plan(number)
    said = Transcript(id="t", turns=(Turn(role="candidate", text=text),))
    silent = Transcript(id="t", turns=(Turn(role="candidate", text="I would look at the dashboards."),))
    assert sum(View(said, plan, Coverage()).is_answered(question) for question in plan.follow_ups) == 1
    assert not any(View(silent, plan, Coverage()).is_answered(question) for question in plan.follow_ups)


def test_follow_ups_of_another_document_are_joined_by_their_words() -> None:
    first = small_plan().follow_ups[0]
    assert first.text == "How would you avoid sending an invoice twice?"
    assert ("twic",) in first.answered_by or ("twice",) in first.answered_by


def test_a_clue_is_a_word_of_its_bullet_that_the_prompt_does_not_hold() -> None:
    plan = small_plan()
    clues = {target.criterion: target.clue for target in plan.targets}
    assert clues["s01.causes.1"] == "certificate" or clues["s01.causes.1"] == "expired"
    assert all(clue and clue not in plan.prompt.lower().split() for clue in clues.values())
