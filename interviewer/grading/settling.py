"""A kept scorecard taken up again: what people answer to its open questions, and the scorecard that comes of it.

Nothing is judged again. The judge's verdicts stay in the scorecard below what people say, so an answer can be replaced.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from interviewer.errors import InputError
from interviewer.grading.score import build_scorecard
from interviewer.grading.scorecard import CriterionResult, Scorecard
from interviewer.grading.selfcheck import Answer, SelfCheck, Who, is_settled, open_questions, settle
from interviewer.rubric import Rubric
from interviewer.scenario import DrillDocument
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement, Ungraded, Verdict


def judgements_of(card: Scorecard, rubric: Rubric) -> tuple[Judgement, ...]:
    """What the judge said, in the order of the rubric, whatever people have answered since.

    Raises:
        InputError: the scorecard was made with another rubric.
    """
    rows = {one.criterion: one for competency in card.competencies for one in competency.criteria}
    names = [one.bullet for one in rubric.criteria]
    if rubric.sha256 != card.provenance.rubric_sha256 or set(names) != set(rows):
        raise InputError(
            f"It was graded with another rubric ({card.provenance.rubric}) than the one in use ({rubric.identity}).",
            where=card.transcript,
            next_step="Grade it again.",
        )
    replaced = {one.criterion: one for one in card.replaced}
    return tuple(replaced.get(name) or _judgement(rows[name]) for name in names)


def open_checks(card: Scorecard, rubric: Rubric, who: Who = "candidate") -> tuple[SelfCheck, ...]:
    """What is still to be asked, those with the most at stake first; `leaning` is the verdict that stands now.

    A coach is asked about everything that no coach has settled, the candidate about what nobody has. Raises as
    `judgements_of`.
    """
    counted = [one for one in card.answers if who == "candidate" or one.who == "coach"]
    standing = {one.criterion: one.label for competency in card.competencies for one in competency.criteria}
    asked = open_questions(settle(judgements_of(card, rubric), counted), rubric)
    labels = ((one, standing[one.criterion]) for one in asked)
    return tuple(one.model_copy(update={"leaning": label}) for one, label in labels if label != "ungraded")


def settle_scorecard(card: Scorecard, answers: Sequence[Answer], rubric: Rubric, document: DrillDocument) -> Scorecard:
    """The scorecard with these answers on top of those it holds; all its numbers are made anew.

    Whose answer counts is said by `settle`. Answers that change nothing because they are not theirs to give (a
    candidate's to a sure verdict, anybody's to what was not judged) are not kept. Raises as `judgements_of`.
    """
    judged = judgements_of(card, rubric)
    said = _kept([*card.answers, *answers], judged)
    settled = settle(judged, said)
    counts = Counter(one.judge for one in settled if is_settled(one))
    results = [result for competency in card.competencies for result in competency.criteria]
    built = build_scorecard(
        settled,
        rubric,
        document,
        # the words are not needed: quotes were found when it was judged
        Transcript(id=card.transcript, source=card.source, scenario=card.scenario, turns=()),
        reached={one.criterion: one.hint for one in results if one.hint},
        grade=card.grade,
        self_ratings={one.id: one.self_rating for one in card.competencies if one.self_rating is not None},
        provenance=card.provenance.model_copy(update={"settled": dict(sorted(counts.items()))}),
        flags=card.flags,
        warnings=card.warnings,
        roles=card.roles,
    )
    pairs = zip(judged, settled, strict=True)
    replaced = tuple(old for old, new in pairs if old.kind == "verdict" and is_settled(new))
    return built.model_copy(update={"answers": said, "replaced": replaced})


def _kept(answers: Iterable[Answer], judged: Sequence[Judgement]) -> tuple[Answer, ...]:
    """The last answer of each person to each criterion that is theirs to settle."""
    verdicts = {one.criterion: one for one in judged if one.kind == "verdict"}
    last: dict[tuple[str, Who], Answer] = {}
    for answer in answers:
        verdict = verdicts.get(answer.criterion)
        if verdict and (answer.who == "coach" or not verdict.sure):
            last[answer.criterion, answer.who] = answer
    return tuple(last.values())


def _judgement(row: CriterionResult) -> Judgement:
    if row.label == "ungraded" or row.score is None:
        return Ungraded(criterion=row.criterion, reason=row.reason, judge=row.judge)
    return Verdict(
        criterion=row.criterion,
        label=row.label,
        score=row.score,
        sure=row.sure,
        quotes=row.quotes,
        nearest=row.nearest,
        judge=row.judge,
        votes=row.votes,
    )
