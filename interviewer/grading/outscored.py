"""Near misses of a rubric that the judge likes better than phrasings that count."""

from statistics import median

from interviewer.grading.embedded import EmbeddedJudge
from interviewer.noun import Noun
from interviewer.rubric import Criterion, Rubric


class Outscored(Noun):
    """A near miss that fits its criterion better than half of the accepted phrasings; `beaten` is the best of those.

    `score` and `beaten_score` are logits of the tuned encoder.
    """

    criterion: str
    near_miss: str
    score: float
    beaten: str
    beaten_score: float


def find_outscored(judge: EmbeddedJudge, rubric: Rubric) -> tuple[Outscored, ...]:
    """Per criterion of the scenario, each phrasing read alone; worst first."""
    found = [one for criterion in rubric.scenario.criteria for one in _outscored(judge, criterion)]
    return tuple(sorted(found, key=lambda one: one.beaten_score - one.score))


def _outscored(judge: EmbeddedJudge, criterion: Criterion) -> list[Outscored]:
    if not criterion.accepted or not criterion.near_misses:
        return []
    scores = judge.phrasing_scores(criterion, (*criterion.accepted, *criterion.near_misses))
    accepted = sorted(zip(scores, criterion.accepted, strict=False), reverse=True)
    middle = median(score for score, _ in accepted)
    found = []
    for score, text in zip(scores[len(criterion.accepted) :], criterion.near_misses, strict=True):
        if score > middle:
            beaten_score, beaten = next(one for one in accepted if one[0] < score)
            found.append(
                Outscored(
                    criterion=criterion.bullet,
                    near_miss=text,
                    score=round(score, 2),
                    beaten=beaten,
                    beaten_score=round(beaten_score, 2),
                )
            )
    return found
