"""Structured output is read strictly: one object, no key twice, nothing that was not asked for."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.models.language import OutputSchema
from interviewer.models.structured import UnusableReplyError, parse_object
from interviewer.noun import Noun

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
FEW = settings(max_examples=80, deadline=None)


class Inner(Noun):
    name: str
    share: float


class Outer(Noun):
    texts: tuple[str, ...]
    count: int
    certain: bool
    inner: Inner | None


OUTERS = st.builds(
    Outer,
    texts=st.lists(TEXTS, max_size=4).map(tuple),
    count=st.integers(-(2**60), 2**60),
    certain=st.booleans(),
    inner=st.none() | st.builds(Inner, name=TEXTS, share=st.floats(allow_nan=False, allow_infinity=False)),
)
BLANK = st.text(alphabet=" \t\n\r", max_size=3)


@given(OUTERS, st.booleans(), st.sampled_from([None, 1]), BLANK, BLANK)
@FEW
def test_any_object_comes_back_as_it_was(one: Outer, ascii_only: bool, indent: int | None, pre: str, post: str) -> None:
    text = json.dumps(one.model_dump(mode="json"), ensure_ascii=ascii_only, indent=indent)
    assert parse_object(f"{pre}{text}{post}", Outer) == one
    assert parse_object(f"```json\n{text}\n```", Outer) == one


@given(OUTERS, OUTERS, st.sampled_from(["", "\n", " ", ",", "\n\n```json\n"]))
@FEW
def test_two_objects_are_never_accepted(one: Outer, other: Outer, between: str) -> None:
    with pytest.raises(UnusableReplyError) as raised:
        parse_object(f"{one.model_dump_json()}{between}{other.model_dump_json()}", Outer)
    assert raised.value.kind == "two_objects"


@given(OUTERS, st.sampled_from(["texts", "count", "certain", "inner"]), st.booleans())
@FEW
def test_a_key_twice_is_never_accepted(one: Outer, key: str, first: bool) -> None:
    again = f"{json.dumps(key)}: {json.dumps(one.model_dump(mode='json')[key])}"
    inside = one.model_dump_json()[1:-1]
    with pytest.raises(UnusableReplyError) as raised:
        parse_object(f"{{{again}, {inside}}}" if first else f"{{{inside}, {again}}}", Outer)
    assert raised.value.kind == "duplicate_key"


@given(TEXTS)
@FEW
def test_any_other_text_is_refused_in_our_words(text: str) -> None:
    with pytest.raises(UnusableReplyError):
        parse_object(text, Outer)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "not_json"),
        ("null", "schema"),
        ("[]", "schema"),
        ("[" * 100_000, "not_json"),
        ('{"name": "a", "share": NaN}', "not_json"),
        ('{"name": "a", "share": Infinity}', "not_json"),
        ('{"name": "a", "share": "0.5"}', "schema"),
        ('{"name": 1, "share": 0.5}', "schema"),
        ('{"name": "a"}', "schema"),
        ('{"name": "a", "share": 0.5, "more": 1}', "schema"),
        ('{"name": "a", "share": 0.5} Hope it helps.', "two_objects"),
        ('Sure: {"name": "a", "share": 0.5}', "not_json"),
        ('{"name": "a", "share": 0.5', "not_json"),
        ("{'name': 'a', 'share': 0.5}", "not_json"),
    ],
)
def test_what_is_no_such_object(text: str, kind: str) -> None:
    with pytest.raises(UnusableReplyError) as raised:
        parse_object(text, Inner)
    assert raised.value.kind == kind


def test_faults_name_fields_and_never_values() -> None:
    with pytest.raises(UnusableReplyError) as raised:
        parse_object('{"name": ["what the candidate said"], "share": "a lot"}', Inner)
    assert "name" in raised.value.faults
    assert "share" in raised.value.faults
    assert "candidate" not in raised.value.faults
    assert "a lot" not in raised.value.faults


def test_a_schema_asks_for_every_field_and_no_other_at_every_depth() -> None:
    schema = OutputSchema.of(Outer)
    assert schema.name == "Outer"
    for one in (schema.schema_, schema.schema_["$defs"]["Inner"]):
        assert one["required"] == list(one["properties"])
        assert one["additionalProperties"] is False
        assert "title" not in one
