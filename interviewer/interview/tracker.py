"""Coverage of one answer by a language model: slower and better than the estimate that steers until it is there.

It sees the key and gives back nothing but ids of criteria and pieces of the answer, which are checked like evidence.
"""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from interviewer.interview.terms import is_content, words
from interviewer.models.language import GRADE_DEADLINES, Ask, Deadlines, LanguageModel, Usage, system, user
from interviewer.models.structured import ask_object
from interviewer.noun import Noun
from interviewer.prompts.template import render
from interviewer.rubric import Rubric
from interviewer.spans import find_span
from interviewer.transcript import Quote
from interviewer.verdict import Verdict

COVERAGE = "coverage@1"
COVERAGE_TURN = "coverage_turn@1"
_REPLY_TOKENS = 700
_FEWEST_WORDS = 2
_SCORES = {"met": 1.0, "partial": 0.5}


class Tracker(Protocol):
    """Scores an answer together with the question before it; `identity` names model and prompt."""

    identity: str

    def track(self, question: str, answer: str) -> tuple[Verdict, ...]:
        """Verdicts that are met or partial, with quotes of turn 0.

        Raises:
            ModelError: what the model could not do.
        """
        ...


class Point(Noun):
    """A criterion that came up: its id, a piece of the answer, the verdict."""

    point: str
    quote: str
    verdict: Literal["met", "partial"]


class Points(Noun):
    """What one answer brings up."""

    points: tuple[Point, ...]


class ModelTracker:
    """Asks a language model, key first and the same bytes for a whole drill, the answer last.

    Args:
        template: the text of a `coverage@N` prompt, `turn` that of a `coverage_turn@N` prompt.
        new_nonce: gives fresh letters that no answer can hold.
    """

    def __init__(
        self,
        model: LanguageModel,
        rubric: Rubric,
        *,
        template: str,
        turn: str,
        new_nonce: Callable[[], str],
        deadlines: Deadlines = GRADE_DEADLINES,
    ) -> None:
        self.identity = f"{model.identity}+{COVERAGE}"
        self.usage = Usage()
        self._model, self._turn, self._new_nonce, self._deadlines = model, turn, new_nonce, deadlines
        self._criteria = frozenset(one.bullet for one in rubric.scenario.criteria)
        listed = "\n".join(f"- {one.bullet}: {one.statement}" for one in rubric.scenario.criteria)
        self._key = system(render(template, {"points": listed, "canary": rubric.canary}))

    def track(self, question: str, answer: str) -> tuple[Verdict, ...]:
        nonce = self._new_nonce()
        data = {"question": question, "answer": answer.replace(nonce, ""), "nonce": nonce}
        ask = Ask(
            prompt=COVERAGE,
            messages=(self._key, user(render(self._turn, data))),
            max_tokens=_REPLY_TOKENS,
            deadlines=self._deadlines,
        )
        found, usage = ask_object(self._model, ask, Points)
        self.usage += usage
        return self._checked(found.points, question, answer)

    def _checked(self, points: Sequence[Point], question: str, answer: str) -> tuple[Verdict, ...]:
        """The better verdict per known criterion of those whose quote stands in the answer and not in the question."""
        best: dict[str, Verdict] = {}
        for one in points:
            span = find_span(answer, one.quote) if one.point in self._criteria else None
            if span is None:
                continue
            text = answer[span[0] : span[1]]
            if sum(is_content(word) for word in words(text)) < _FEWEST_WORDS or find_span(question, text):
                continue
            quote = Quote(turn=0, start=span[0], end=span[1], text=text)
            score = _SCORES[one.verdict]
            verdict = Verdict(
                criterion=one.point, label=one.verdict, score=score, sure=True, quotes=(quote,), judge=self.identity
            )
            if one.point not in best or best[one.point].score < score:
                best[one.point] = verdict
        return tuple(best.values())
