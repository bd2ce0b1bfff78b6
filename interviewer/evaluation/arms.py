"""Four arms over the same queries, so that the model, the prompt and the retrieval can be told apart.

`probe`: frozen prompt, gold passages: only the model can move it. `oracle`: current prompt, gold passages: model and
prompt. `frozen`: current prompt, the passages that the baseline retrieved. `live`: everything as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple

from interviewer.errors import InterviewerError
from interviewer.evaluation.bench import Bench
from interviewer.evaluation.point_judge import PointJudge, score_response
from interviewer.evaluation.record import Snippet
from interviewer.evaluation.relevance import Values
from interviewer.evaluation.response import Response, TextModel, is_quoted, parse_response, render_question
from interviewer.manifest import SHORT_DIGEST

Arm = Literal["probe", "oracle", "frozen", "live"]
Contexts = Mapping[str, tuple[Snippet, ...]]
FINGERPRINTED, ANCHORED = 16, 30  # how many answers stand for the model, how many for the judge
SUPPORTED = 0.5  # credit from which a quote supports its point


@dataclass(frozen=True)
class Answerer:
    """Who answers: a prompt template with the slots `passages` and `question`, and a model."""

    template: str
    model: TextModel


class Outcome(NamedTuple):
    """What one arm gave: responses and errors by query, raw texts, and the tokens that went in."""

    responses: dict[str, Response]
    errors: dict[str, str]
    texts: dict[str, str]
    tokens: int


def answer_all(
    answerer: Answerer, bench: Bench, contexts: Contexts, count_tokens: Callable[[str], int], queries: Iterable[str]
) -> Outcome:
    """Ask for an answer to every query that has a context; what fails is an error and the rest goes on."""
    outcome, tokens = Outcome({}, {}, {}, 0), 0
    for query in queries:
        if query not in contexts:
            continue
        prompt = render_question(answerer.template, bench.question(query), contexts[query])
        tokens += count_tokens(prompt)
        try:
            text = answerer.model.complete(prompt)
        except InterviewerError as error:
            outcome.errors[query] = str(error)
            continue
        outcome.texts[query] = text
        outcome.responses[query] = parse_response(text)
    return outcome._replace(tokens=tokens)


def score_arm(arm: Arm, outcome: Outcome, bench: Bench, contexts: Contexts, judge: PointJudge) -> dict[str, Values]:
    """Query -> response score under the arm's name, for queries with a reference answer, and under `faithful.ARM` the
    share of points that a quote supports (None without points)."""
    return {
        query: {
            arm: score_response(judge, response, bench.wanted(query)),
            f"faithful.{arm}": _faithfulness(response, contexts[query], judge),
        }
        for query, response in outcome.responses.items()
        if query in bench.answers
    }


def check_live(outcome: Outcome, bench: Bench, contexts: Contexts, judge: PointJudge) -> dict[str, Values]:
    """Query -> whether it rightly answered or declined (`abstain`), and the share of its points that a quote supports
    (`faithful`; None without points)."""
    return {
        query: {
            "abstain": float(response.abstains != bench.queries[query].answerable),
            "faithful": _faithfulness(response, contexts[query], judge),
        }
        for query, response in outcome.responses.items()
    }


def _faithfulness(response: Response, context: Sequence[Snippet], judge: PointJudge) -> float | None:
    """A point without a true quote is unsupported and the judge is not asked."""
    if not response.points:
        return None
    supported = [
        is_quoted(point, context) and judge.credit([point.quote], [point.text])[0] >= SUPPORTED
        for point in response.points
    ]
    return sum(supported) / len(supported)


def fingerprint(texts: Mapping[str, str]) -> str:
    """Hash of a model's answers to the first queries of the probe arm: tells a model that changed under its name."""
    first = [texts[query] for query in sorted(texts)[:FINGERPRINTED]]
    return sha256("\0".join(first).encode()).hexdigest()[:SHORT_DIGEST]


def score_anchor(bench: Bench, judge: PointJudge) -> dict[str, float]:
    """The judge's scores of reference answers, sentence by sentence: the answers never change, so a move is the
    judge's."""
    scores = {}
    for query in sorted(bench.answers)[:ANCHORED]:
        credits = judge.credit(bench.sentences(query), bench.wanted(query))
        scores[query] = sum(credits) / len(credits)
    return scores
