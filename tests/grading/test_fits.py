"""Numbers in the space of the judge's own encoder, groups of transcripts, and what outscores what."""

import numpy as np

from interviewer.grading.fits import FIT_FEATURES, Wordings, describe_fits
from interviewer.grading.groups import by_share_met
from interviewer.grading.outscored import find_outscored
from interviewer.grading.sentences import split_sentences
from interviewer.noun import Noun
from interviewer.verdict import Label
from tests.grading.judged import judge, rubrics

AXES = np.eye(4, dtype=np.float32)
NONE = AXES[:0]


def test_the_best_window_and_its_margin_over_the_rival() -> None:
    fits = np.array([[1.0, 3.0], [2.0, -1.0]])
    wordings = [Wordings(met=AXES[1:2], partial=NONE, near=AXES[:1]), Wordings(met=NONE, partial=NONE, near=NONE)]
    (first, best), (second, other) = describe_fits(AXES[:2], fits, wordings)
    named = dict(zip(FIT_FEATURES, first, strict=True))
    assert (best, other) == (1, 0)
    assert (named["fit"], named["fit_margin"], named["quoted"], named["refused"]) == (2.0, 3.0, 1.0, 0.0)
    assert (named["contrast"], named["contrast_gap"]) == (1.0, 0.0)
    assert list(second[2:]) == [0.0] * 7


def test_a_criterion_alone_has_no_rival() -> None:
    ((row, _),) = describe_fits(AXES[:1], np.array([[1.5]]), [Wordings(met=NONE, partial=NONE, near=NONE)])
    assert list(row[:2]) == [1.5, 0.0]


class Row(Noun):
    transcript: str
    truth: Label


def test_thirds_of_the_transcripts_by_share_met() -> None:
    rows = [
        Row(transcript=name, truth="met" if n < met else "partial")
        for name, met in zip("abc", (2, 0, 1), strict=True)
        for n in range(2)
    ]
    groups = by_share_met(rows)
    assert {name: sorted({one.transcript for one in mine}) for name, mine in groups.items()} == {
        "weak": ["b"],
        "middling": ["c"],
        "strong": ["a"],
    }


def test_a_window_reads_the_same_beside_any_other_turn() -> None:
    first = split_sentences("Roll back to the last build. Then freeze the pipeline.", 1)
    second = split_sentences("I would diff the feature schema of both sides.", 3)
    reader = judge()._reader
    alone = reader.window_vectors([(first[0],), first])
    beside = reader.window_vectors([(first[0],), first, second])
    assert np.allclose(alone, beside[:2], atol=1e-5)
    assert np.allclose(np.linalg.norm(beside, axis=1), 1.0, atol=1e-5)
    assert reader.window_vectors([]).shape == (0, 384)


def test_near_misses_that_the_judge_takes_for_the_real_thing() -> None:
    rubric = rubrics()[7]
    criterion = rubric.scenario.criteria[0]
    swapped = criterion.model_copy(update={"accepted": criterion.near_misses, "near_misses": criterion.accepted[:5]})
    alone = rubric.model_copy(update={"scenario": rubric.scenario.model_copy(update={"criteria": (swapped,)})})
    found = find_outscored(judge(), alone)
    assert found
    assert all(one.score > one.beaten_score and one.near_miss in criterion.accepted for one in found)
    assert [one.score - one.beaten_score for one in found] == sorted(
        (one.score - one.beaten_score for one in found), reverse=True
    )
