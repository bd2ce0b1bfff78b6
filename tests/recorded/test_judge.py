"""The judge on eight gold transcripts, with the replies of a strong reader of its prompts; design/041 has the story."""

from interviewer.grading.agreement import judge_gold, report
from interviewer.grading.gold import GoldItem, read_gold
from interviewer.grading.judge_prompt import JudgePrompt
from interviewer.grading.language_judge import LanguageJudge
from tests.grading.honest import NONCE
from tests.grading.judged import GOLD, document, rubrics
from tests.recorded.replay import JUDGED, RecordedJudge


def test_agreement_with_the_labels_on_eight_transcripts() -> None:
    chosen = [
        one for one in read_gold(GOLD / "dev", rubrics()) if isinstance(one, GoldItem) and one.transcript.id in JUDGED
    ]
    assert len(chosen) == 8
    judge = LanguageJudge(RecordedJudge(JUDGED), JudgePrompt(document()), lambda: NONCE)
    figures = report(judge_gold(judge, chosen, rubrics()), rounds=0)
    assert figures["items"] == 160
    assert figures["ungraded"] == 0
    assert figures["quotes_verbatim"] == 1.0
    assert figures["kappa_binary"] >= 0.88
    assert figures["qwk"] >= 0.8
