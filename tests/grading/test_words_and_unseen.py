"""Numbers that no training is behind: words in common, the retrieval encoder's space, and what a lone sentence gets."""

import math

import numpy as np

from interviewer.grading.logistic import Logistic
from interviewer.grading.sentences import split_sentences
from interviewer.grading.shared_words import WORD_FEATURES, SharedWords, describe_words
from interviewer.grading.trust import trust_in
from interviewer.grading.tuned import Texts, view_weights
from interviewer.grading.unseen import SPACE_FEATURES, describe_unseen, make_material, texts_to_embed, window_vectors
from interviewer.grading.windows import build_windows
from interviewer.rubric import Rubric
from tests.grading.judged import answers, judge, rubrics

QUOTA = Texts("Causes", "quota used up", "Names an exhausted quota.", ("the quota is full",), ("the disk is full",))
NODES = Texts("Causes", "node taints", "Names taints of nodes.", ("a taint keeps the pods off",))
IDF = {"quota": 3.0, "full": 1.0, "disk": 3.0, "taint": 4.0}


def test_windows_are_sentences_and_neighbours_of_a_turn() -> None:
    first, second = split_sentences("The quota is full. Nothing starts.", 1)
    (third,) = split_sentences("A taint, maybe.", 3)
    windows = build_windows([first, second, third])
    assert [one.sentences for one in windows] == [(first,), (first, second), (second,), (third,)]
    assert windows[1].stems == windows[0].stems | windows[2].stems


def test_rare_words_in_common_count_for_more() -> None:
    windows = build_windows(split_sentences("The disk is full. We never hit the quota, did we?", 1))
    compared = SharedWords(IDF)
    quota, nodes = describe_words(windows, compared.shares(windows, (QUOTA, NODES)))
    named = dict(zip(WORD_FEATURES, quota, strict=True))
    assert 0 < named["bullet_words"] < 1
    assert named["own_words_margin"] > 0
    assert (named["rejected"], named["question"]) == (1.0, 1.0)
    assert not dict(zip(WORD_FEATURES, nodes, strict=True))["own_words"]
    lone = dict(zip(WORD_FEATURES, describe_words(windows, compared.shares(windows, (QUOTA,)), [0])[0], strict=True))
    assert lone["near_miss_words"] == 1.0
    assert lone["accepted_words"] == 1 / 4
    assert lone["length"] == math.log(5)


def test_a_criterion_without_phrasings_is_compared_by_its_statement() -> None:
    bare = Texts("Causes", "quota used up", "Names an exhausted quota.")
    assert texts_to_embed(bare) == ("Causes. quota used up", bare.statement, bare.statement)
    material = make_material(bare, np.eye(4, dtype=np.float32)[[0, 1, 1]])
    assert material.accepted.shape == (1, 4)
    assert material.near.shape == (0, 4)
    assert math.isclose(float(np.linalg.norm(material.centroid)), 1.0, rel_tol=1e-6)
    assert list(view_weights(0)) == [0.5, 0.5]
    assert math.isclose(view_weights(3).sum(), 1.0)


def test_the_window_nearest_to_the_texts_ranks_first() -> None:
    first, second = split_sentences("Nothing of note here. The quota is full.", 1)
    windows = build_windows([first, second])
    axes = np.eye(4, dtype=np.float32)
    vectors = window_vectors(windows, {first: axes[3], second: axes[0]})
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    material = make_material(QUOTA, axes[[0, 0, 0, 2]])
    ((row, best),) = describe_unseen(vectors, [material], SharedWords(IDF).shares(windows, (QUOTA,)))
    named = dict(zip(SPACE_FEATURES, row, strict=True))
    assert best == 2
    assert (named["accepted_3"], named["near_miss"]) == (1.0, 0.0)


def unknown(rubric: Rubric) -> Rubric:
    """The same rubric under ids that training never saw."""
    renamed = tuple(one.model_copy(update={"bullet": f"{one.bullet}9"}) for one in rubric.scenario.criteria)
    return rubric.model_copy(update={"scenario": rubric.scenario.model_copy(update={"criteria": renamed})})


def test_a_rubric_that_training_never_saw_is_judged_by_its_texts() -> None:
    rubric = unknown(rubrics()[9])
    said = "I would put the model back together with the features it was trained on. Then I would look at the weather."
    found = {one.criterion: one for one in judge().judge(answers(9, said), rubric)}
    scores = {name: one.score for name, one in found.items() if one.kind == "verdict" and name.startswith("s09.")}
    assert max(scores, key=lambda name: scores[name]) == "s09.mitigate.19"


def test_a_sentence_reads_the_same_alone_and_in_company() -> None:
    rubric = rubrics()[9]
    text = "I'd roll the model and its feature view back to the release before."
    place = [one.bullet for one in rubric.scenario.criteria].index("s09.mitigate.1")

    def chance(*texts: str) -> float:
        judged = judge().judge(answers(9, *texts), rubric)[place]
        assert judged.kind == "verdict"
        return judged.score

    assert chance(text) > 0.5
    assert chance(f"We talked about it for a while. {text} Then I would tell the shop.") > 0.5


def test_chances_add_up_and_thresholds_decide() -> None:
    model = Logistic(
        mean=(0.0,), scale=(1.0,), weights=((-2.0,), (0.0,), (2.0,)), intercepts=(0.0, 0.0, 0.0),
        met_from=0.5, partial_from=0.4, unsure_from=0.3, unsure_to=0.7,
    )  # fmt: skip
    low, middle, high = (model.chances(np.array([value])) for value in (-2.0, 0.0, 2.0))
    assert [model.label(one) for one in (low, middle, high)] == ["not_met", "partial", "met"]
    assert [model.is_sure(one) for one in (low, middle, high)] == [True, False, True]
    assert math.isclose(middle.credit, 0.5)


def test_reports_say_how_far_the_judge_can_be_trusted() -> None:
    said = trust_in(judge().identity)
    assert "kappa 0." in said
    assert "95 % interval" in said
    assert "not people" in said
    assert trust_in("openai:x+judge@1") == ""
