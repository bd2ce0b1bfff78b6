"""Plays recorded replies back: to the judge by competency, to the interview in the order in which they were given."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from interviewer.errors import ModelBadResponseError
from interviewer.models.language import Ask, Reply, Usage
from interviewer.models.scripted import Line, ScriptedModel
from interviewer.transcript import Quote
from interviewer.verdict import Verdict
from tests.interview.voices import NO_POINTS, is_coverage

FOLDER = Path(__file__).parent
INTERVIEWS = sorted(path.stem for path in (FOLDER / "interviews").glob("*.json"))
JUDGED = sorted(path.stem for path in (FOLDER / "judge").glob("*.json"))


def read_interview(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "interviews" / f"{name}.json").read_text(encoding="utf-8"))
    return found


class RecordedJudge:
    """Replies to judge prompts as recorded, told apart by transcript, competency and how often it was asked."""

    identity = "recorded:bridge"

    def __init__(self, names: Sequence[str]) -> None:
        self._openings: dict[str, str] = {}
        self._replies: dict[tuple[str, str, int], str] = {}
        for name in names:
            data = json.loads((FOLDER / "judge" / f"{name}.json").read_text(encoding="utf-8"))
            self._openings[data["opening"]] = name
            for row in data["replies"]:
                self._replies[name, row["competency"], row["messages"]] = row["reply"]

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        turns = [json.loads(row) for row in ask.messages[1].text.splitlines() if row.startswith("{")]
        opening = next(turn["text"] for turn in turns if turn["role"] == "candidate")
        title = ask.messages[0].text.split("# Competency: ")[1].split("\n")[0]
        text = self._replies.get((self._openings[opening], title, len(ask.messages)))
        if text is None:
            raise ModelBadResponseError(f"Nothing was recorded for {title}.", kind="schema", where=self.identity)
        yield text
        yield Reply(text=text, usage=Usage(prompt=1, completion=1, calls=1))


class RecordedScorer:
    """The estimates of the day, by the answer that they are on; see `TurnScorer`."""

    identity = "recorded@1"

    def __init__(self, estimates: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._estimates = estimates

    def score(self, text: str) -> tuple[Verdict, ...]:
        return tuple(_verdict(text, row) for row in self._estimates.get(text, ()))


def _verdict(text: str, row: Mapping[str, Any]) -> Verdict:
    places = [(text.index(quote), quote) for quote in row["quotes"]]
    quotes = tuple(Quote(turn=0, start=start, end=start + len(quote), text=quote) for start, quote in places)
    known = {name: row[name] for name in ("criterion", "label", "score", "sure")}
    return Verdict(**known, quotes=quotes, judge=RecordedScorer.identity)


def recorded_model(interview: Mapping[str, Any]) -> ScriptedModel:
    """Says the recorded lines in their order and follows coverage by the answer in the prompt."""
    lines = list(interview["said"])

    def script(ask: Ask) -> Line:
        if is_coverage(ask):
            asked = ask.messages[-1].text
            return next((str(reply) for answer, reply in interview["points"].items() if answer in asked), NO_POINTS)
        if not lines:
            return ModelBadResponseError("The recording is over.", kind="incomplete", where="recorded")
        return str(lines.pop(0))

    return ScriptedModel(script, "recorded:bridge")
