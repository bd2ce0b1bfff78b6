import pytest

from interviewer.grading.cues import judge_by_cues
from interviewer.grading.sentences import candidate_sentences
from interviewer.rubric import Criterion, Cues
from interviewer.transcript import Transcript, Turn
from interviewer.verdict import Verdict

CUES = Cues(where="start", groups=(("down", "outage*"), ("slow", "p99"), ("wrong", "roll back")), met=2, partial=1)


def judged(*answers: str, cues: Cues = CUES) -> tuple[Verdict, Transcript]:
    turns = tuple(Turn(role="candidate", text=text) for text in answers)
    transcript = Transcript(id="t", turns=turns, scenario=1)
    criterion = Criterion(bullet="shared.x.1", statement="s", competency="structure", probe="p", cues=cues)
    return judge_by_cues(criterion, cues, candidate_sentences(transcript), transcript, "test@1"), transcript


@pytest.mark.parametrize(
    ("answer", "label", "sure"),
    [
        ("I would look at the dashboards.", "not_met", True),
        ("Is it down?", "partial", False),
        ("Is it down? Or is it just SLOW.", "met", False),
        ("Any outages, is p99 up, or is it wrong?", "met", True),
        ("The download is countdown, slowly.", "not_met", True),
    ],
)
def test_ideas_are_counted(answer: str, label: str, sure: bool) -> None:
    verdict, _ = judged(answer)
    assert (verdict.label, verdict.sure) == (label, sure)


def test_quotes_are_the_sentences_that_bring_ideas_up() -> None:
    verdict, transcript = judged("Hello. Is it down? I see. Then p99.")
    assert [quote.text for quote in verdict.quotes] == ["Is it down?", "Then p99."]
    assert all(quote.holds_in(transcript) for quote in verdict.quotes)


def test_only_the_first_answers_are_the_start() -> None:
    assert judged("Hm.", "Hm.", "Is it down or slow?")[0].label == "not_met"
    assert judged("Hm.", "Is it down or slow?", "Hm.")[0].label == "met"


def test_the_end_is_the_last_third() -> None:
    late = CUES.model_copy(update={"where": "end"})
    assert judged("Down or slow.", "Hm.", "Hm.", cues=late)[0].label == "not_met"
    assert judged("Hm.", "Hm.", "Down or slow.", cues=late)[0].label == "met"


def test_blanks_in_a_cue_match_any_blanks() -> None:
    assert judged("I'd roll  back what is slow.")[0].label == "met"


@pytest.mark.parametrize(
    "change", [{"met": 4}, {"met": 1, "partial": 2}, {"groups": (("",), ("a",))}, {"groups": ((),)}]
)
def test_cues_that_cannot_be_met_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"hold|empty"):
        Cues.model_validate({"groups": (("a",), ("b",)), "met": 2, "partial": 1, **change})
