"""Search by words."""

import pytest

from interviewer.index.lexical import Bm25, tokenize


def test_rare_words_weigh_more_and_endings_do_not_matter() -> None:
    ranker = Bm25(["pods are pending", "pods are running", "pods restarted", "a drifting feature"])
    scores = ranker.scores("why is the pod pending")
    assert scores.argmax() == 0
    assert ranker.scores("features drifted").argmax() == 3


@pytest.mark.parametrize("query", ["", "the of and", "zebra", "!!!"])
def test_nothing_shared_is_zero(query: str) -> None:
    assert Bm25(["pods are pending", "late job"]).scores(query).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("texts", [[], [""], ["the", "of"]])
def test_texts_without_words(texts: list[str]) -> None:
    assert Bm25(texts).scores("anything").tolist() == [0.0] * len(texts)


def test_other_scripts_are_words_too() -> None:
    assert tokenize("Очередь растёт") == ["очередь", "растёт"]
