"""Chunks of a document: who may see them, where they stand, how large they are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.chunk import Chunk, PublicChunk
from interviewer.drills.parse import parse_drills
from interviewer.drills.phrasings import Phrasings, ScenarioPhrasings
from interviewer.drills.read import read_drills
from interviewer.drills.split import CHUNK_TOKENS, split_document
from interviewer.scenario import DrillDocument
from interviewer.shipped import shipped_path

AUTHORED = Phrasings(scenarios=(ScenarioPhrasings(scenario=1, titles=("a title",), symptoms=("one", "two")),))


def words(text: str) -> int:
    return len(text.split())


@pytest.fixture(scope="module")
def document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


@pytest.fixture(scope="module")
def chunks(document: DrillDocument) -> dict[str, Chunk]:
    return {chunk.id: chunk for chunk in split_document(document, AUTHORED, words)}


def test_ids_are_unique(document: DrillDocument) -> None:
    ids = [chunk.id for chunk in split_document(document, AUTHORED, words)]
    assert len(ids) == len(set(ids))


def test_every_bullet_has_a_chunk_of_its_own_at_its_place(document: DrillDocument, chunks: dict[str, Chunk]) -> None:
    for bullet in document.bullets:
        chunk = chunks[f"s{bullet.scenario:02d}/{bullet.kind.value}/{bullet.index}"]
        assert chunk.bullets == (bullet.id,)
        assert document.source[chunk.start : chunk.end] == chunk.text == bullet.text
        assert chunk.audience == ("key" if bullet.kind.is_key else "public")


def test_public_text_is_never_of_the_key(document: DrillDocument, chunks: dict[str, Chunk]) -> None:
    key = {bullet.text for scenario in document.scenarios for bullet in scenario.key_bullets}
    public = [chunk for chunk in chunks.values() if isinstance(chunk, PublicChunk)]
    assert {chunk.section for chunk in public} == {"head", "followup", "title", "symptom"}
    assert not [chunk.id for chunk in public if any(text in chunk.text for text in key)]


def test_preamble_is_key(chunks: dict[str, Chunk]) -> None:
    preamble = [chunk for chunk in chunks.values() if chunk.scenario is None]
    assert len(preamble) == 8
    assert {chunk.audience for chunk in preamble} == {"key"}


def test_sections_carry_their_title_and_all_bullets(document: DrillDocument, chunks: dict[str, Chunk]) -> None:
    for scenario in document.scenarios:
        for section in scenario.sections:
            if section.kind.is_key:
                chunk = chunks[f"s{scenario.number:02d}/{section.kind.value}"]
                assert chunk.text.startswith(scenario.title)
                assert chunk.bullets == tuple(bullet.id for bullet in section.bullets)
                place = document.source[chunk.start : chunk.end]
                assert all(bullet.text in place for bullet in section.bullets)


def test_authored_wordings_have_no_place(chunks: dict[str, Chunk]) -> None:
    authored = ("s01/title/1", "s01/symptom/1", "s01/symptom/2")
    assert [chunks[name].text for name in authored] == ["a title", "one", "two"]
    assert chunks["s01/symptom/2"].end == 0


def test_two_sections_of_one_kind_keep_apart() -> None:
    text = "## Scenario 1: T\n\nP.\n\n### Likely Root Causes\n\n- one\n\n### Likely Root Causes\n\n- two\n"
    ids = [chunk.id for chunk in split_document(parse_drills(text), Phrasings(), words)]
    assert ids == ["s01/head", "s01/causes", "s01/causes/1", "s01/causes+2", "s01/causes/2"]


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_no_chunk_is_too_large_and_nothing_is_lost(lengths: list[int]) -> None:
    bullets = [" ".join(f"w{number}x{index}" for index in range(length)) for number, length in enumerate(lengths)]
    text = "## Scenario 1: T\n\nP.\n\n### Likely Root Causes\n\n" + "".join(f"- {one}\n" for one in bullets)
    document = parse_drills(text)
    found = split_document(document, Phrasings(), words)
    assert all(chunk.tokens <= CHUNK_TOKENS for chunk in found)
    for number, bullet in enumerate(bullets, 1):
        own = f"s01/causes/{number}"
        parts = [chunk for chunk in found if chunk.id.split("~")[0] == own]
        assert "".join(chunk.text for chunk in parts).split() == bullet.split()
        assert all(document.source[chunk.start : chunk.end] == chunk.text for chunk in parts)


def test_text_without_any_blank_is_cut_too(tmp_path: Path) -> None:
    text = "## Scenario 1: T\n\nP.\n\n### Likely Root Causes\n\n- " + "x" * 2000 + "\n"
    found = split_document(parse_drills(text), Phrasings(), len)
    assert all(chunk.tokens <= CHUNK_TOKENS for chunk in found)
