"""Words reduced so that forms of one word count as one."""

import doctest
from itertools import product

import pytest

from interviewer.rubrics import read, schema, words
from interviewer.rubrics.wording import copied_words, leaked_words
from interviewer.rubrics.words import general_stems, stem, telling_stems

NOTHING = frozenset[str]()


@pytest.mark.parametrize("module", [read, schema, words])
def test_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "forms",
    [
        "deploy deploys deployed deploying deployment deployments",
        "validate validates validated validating validation",
        "version versions versioned versioning",
        "monitor monitors monitored monitoring",
        "latency latencies",
        "schema schemas",
        "promote promoted promotion promotions",
        "reproducible reproducibility reproduce",
        "govern governance",
        "job jobs",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_different_words_keep_apart() -> None:
    for one, other in product(["feature", "freshness", "canary", "rollback"], ["future", "fresco", "cannon"]):
        assert stem(one) != stem(other)


def test_general_words_tell_nothing() -> None:
    assert telling_stems("What would you check about the model in this incident?") == {}
    assert not general_stems() & {stem(word) for word in ("feature", "rollback", "schema", "drift", "canary", "data")}


@pytest.mark.parametrize(
    ("probe", "key", "leaked"),
    [
        ("Could a roll back help?", "rollback to the previous model", ["roll back"]),
        ("Is there a rollback?", "roll back first", ["rollback"]),
        ("Was the scheme of validations right?", "validate payload schema", ["validations"]),
        ("What do you look at first?", "validate payload schema", []),
    ],
)
def test_leaks_are_found_across_forms_and_spellings(probe: str, key: str, leaked: list[str]) -> None:
    assert leaked_words(probe, key, NOTHING) == leaked


def test_public_words_do_not_leak() -> None:
    assert leaked_words("Which schemas?", "payload schema", frozenset({stem("schema")})) == []


@pytest.mark.parametrize(
    "statement",
    [
        "Index freshness monitoring.",
        "Monitors the freshness of the index",
        "index freshness is monitored daily",
    ],
)
def test_a_copy_is_seen_in_other_clothes(statement: str) -> None:
    assert copied_words(statement, "index freshness monitoring")


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("Raises an alert when the searchable copy lags behind its source documents", "index freshness monitoring"),
        ("Looks at p99 next to the median to see whether only the tail moved", "p99"),
        ("", "p99"),
        ("Says something", ""),
    ],
)
def test_own_words_are_no_copy(statement: str, key: str) -> None:
    assert copied_words(statement, key) == ""
