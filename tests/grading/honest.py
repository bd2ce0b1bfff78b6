"""A language model that judges as the annotators did: it reads what it is shown, and quotes what it finds there."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from interviewer.grading.judge_prompt import JudgePrompt
from interviewer.grading.language_judge import LanguageJudge
from interviewer.models.language import Ask, LanguageModel
from interviewer.models.scripted import ScriptedModel
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript, Turn
from interviewer.verdict import Judgement, Verdict
from tests.grading.judged import GOLD, document, rubrics

NONCE = "5f0c9a17e2d84b36"
Finding = dict[str, Any]


def criteria_of(ask: Ask) -> list[str]:
    """The criteria that an ask offers, by its schema."""
    assert ask.output
    schema = ask.output.schema_["$defs"]["Finding"]["properties"]["criterion"]
    return list(schema["enum"]) if "enum" in schema else [schema["const"]]


def shown(ask: Ask) -> list[dict[str, Any]]:
    """The turns of the transcript that an ask holds."""
    rows = [row for row in ask.messages[1].text.splitlines() if row.startswith("{")]
    return [json.loads(row) for row in rows]


def finding(criterion: str, verdict: str = "not_met", quote: str = "", turn: int = 1) -> Finding:
    evidence = [{"turn": turn, "quote": quote}] if quote else []
    return {"criterion": criterion, "evidence": evidence, "why": "So it reads.", "verdict": verdict}


def answer(findings: Sequence[Finding]) -> str:
    return json.dumps({"findings": list(findings)})


def answer_by(script: Mapping[str, Finding], ask: Ask) -> str:
    """What the script says of each criterion asked for; those left out are not met."""
    return answer([script.get(name) or finding(name) for name in criteria_of(ask)])


@cache
def labels(name: str) -> dict[str, dict[str, Any]]:
    path = GOLD / name.split("-")[0] / f"{name}.labels.json"
    return {row["bullet"]: row for row in json.loads(path.read_text(encoding="utf-8"))}


def honest_model(name: str) -> ScriptedModel:
    """Gives the gold label of each criterion of a transcript of `dev` where the words that show it are shown to it."""

    def reply(ask: Ask) -> str:
        said = [row["text"] for row in shown(ask) if row["role"] == "candidate"]
        found = []
        for criterion in criteria_of(ask):
            label = labels(name).get(criterion)
            heard = label and label["label"] != "not_met" and any(label["quote"] in text for text in said)
            found.append(finding(criterion, label["label"], label["quote"]) if label and heard else finding(criterion))
        return answer(found)

    return ScriptedModel(reply, identity="honest:1")


def language_judge(model: LanguageModel, **options: Any) -> LanguageJudge:
    return LanguageJudge(model, JudgePrompt(document()), lambda: NONCE, **options)


def judged(model: LanguageModel, transcript: Transcript, **options: Any) -> tuple[Judgement, ...]:
    return language_judge(model, **options).judge(transcript, rubric_of(transcript))


def rubric_of(transcript: Transcript) -> Rubric:
    return rubrics()[transcript.scenario or 0]


def labels_of(judgements: Sequence[Judgement]) -> dict[str, str]:
    return {one.criterion: one.label if isinstance(one, Verdict) else "ungraded" for one in judgements}


def insert_answer(transcript: Transcript, text: str, place: int) -> Transcript:
    """The transcript with one more question and answer before turn `place`."""
    turns = transcript.turns
    more = (Turn(role="interviewer", text="Anything to add?"), Turn(role="candidate", text=text))
    return transcript.model_copy(update={"turns": (*turns[:place], *more, *turns[place:])})
