"""Agreement with labels of a judge that may fail half way."""

from interviewer.errors import ModelQuotaError, ModelUnavailableError
from interviewer.grading.agreement import judge_gold, report
from interviewer.grading.gold import GoldItem
from interviewer.models.language import Ask
from interviewer.models.scripted import Line, ScriptedModel
from tests.grading.honest import answer_by, honest_model, labels, language_judge
from tests.grading.judged import gold, rubrics


def items(*names: str) -> list[GoldItem]:
    return [
        GoldItem(transcript=gold(name), labels={bullet: row["label"] for bullet, row in labels(name).items()})
        for name in names
    ]


def test_a_judge_that_reads_as_the_annotators_agrees_with_them() -> None:
    figures = report(judge_gold(language_judge(honest_model("dev-s09-a")), items("dev-s09-a"), rubrics()), rounds=0)
    assert (figures["kappa_binary"], figures["quotes_verbatim"], figures["ungraded"]) == (1.0, 1.0, 0)


def test_a_transcript_that_the_judge_fails_on_is_left_out_and_named() -> None:
    def reply(ask: Ask) -> Line:
        broken = gold("dev-s02-a").turns[1].text[:30] in ask.messages[1].text
        return ModelUnavailableError("No connection.") if broken else answer_by({}, ask)

    judge = language_judge(ScriptedModel(reply))
    outcome = judge_gold(judge, items("dev-s02-a", "dev-s09-a"), rubrics(), workers=2)
    assert outcome.failed == {"dev-s02-a": "No connection."}
    assert {one.transcript for one in outcome.items} == {"dev-s09-a"}


def test_without_quota_the_rest_is_not_asked() -> None:
    model = ScriptedModel(lambda ask: ModelQuotaError("Nothing left."))
    names = ("dev-s02-a", "dev-s09-a", "dev-s12-a")
    outcome = judge_gold(language_judge(model, workers=1), items(*names), rubrics())
    assert list(outcome.failed) == list(names)
    assert len(model.asked) <= 7
    assert report(outcome, rounds=0)["items"] == 0
