"""Who steps in where a model fails, and what is said of it."""

import pytest

from interviewer.errors import BudgetError, ModelUnavailableError
from interviewer.grading.fallback import FallbackJudge
from interviewer.grading.grader import Grader, Terms
from interviewer.grading.judge import judge_in_full
from interviewer.grading.report import render_markdown
from interviewer.grading.scripted import ScriptedJudge
from interviewer.models.scripted import Line, ScriptedModel
from tests.grading.honest import answer_by, language_judge
from tests.grading.judged import answers, document, rubrics

TALK = answers(9, "I would roll back to the previous feature view.")
SECOND = ScriptedJudge({"s09.mitigate.1": ("met", "roll back to the previous feature view")})


def fallback(*lines: Line) -> FallbackJudge:
    return FallbackJudge(language_judge(ScriptedModel(list(lines)), workers=1), SECOND, "Ask again later.")


def test_the_first_judges_while_its_model_answers() -> None:
    judge = FallbackJudge(language_judge(ScriptedModel(lambda ask: answer_by({}, ask))), SECOND)
    given = judge_in_full(judge, TALK, rubrics()[9])
    assert (given.judge, given.warnings) == ("scripted:1+judge@1", ())
    assert judge.identity == "scripted:1+judge@1"


def test_the_second_steps_in_and_the_report_says_so() -> None:
    judge = fallback(ModelUnavailableError("No connection.", next_step="`interviewer doctor` says more."))
    card = Grader(document(), rubrics(), judge, lambda _: ()).grade(TALK, Terms())
    assert card.met == 1
    assert card.provenance.judge == "scripted@1 (instead of scripted:1+judge@1)"
    (warning,) = card.warnings
    for part in ("scripted:1+judge@1 could not judge", "No connection.", "interviewer doctor", "Ask again later."):
        assert part in warning
    assert "could not judge" in render_markdown(card)


def test_only_a_failing_model_is_stood_in_for() -> None:
    class Spent:
        identity = "spent@1"

        def judge(self, transcript: object, rubric: object) -> tuple[()]:
            raise BudgetError("Nothing left.")

    with pytest.raises(BudgetError):
        FallbackJudge(Spent(), SECOND).judge(TALK, rubrics()[9])
