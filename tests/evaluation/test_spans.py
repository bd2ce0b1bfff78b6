"""Labels hold however the document is cut, reformatted or edited."""

from pathlib import Path

import pytest

from interviewer.drills.parse import parse_drills
from interviewer.drills.phrasings import Phrasings
from interviewer.drills.split import STRUCTURE, Splitter
from interviewer.drills.windows import window_splitter
from interviewer.evaluation.places import find_places
from interviewer.evaluation.spans import Alignment, Reference, coverage
from interviewer.shipped import shipped_path
from tests.index.small import DOCUMENT, words

SHIPPED = Path(shipped_path("corpus/mlops_drills.txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize("splitter", [STRUCTURE, window_splitter(6, 6), window_splitter(50, 25)])
@pytest.mark.parametrize("source", [DOCUMENT, SHIPPED], ids=["small", "shipped"])
def test_every_place_is_covered_by_some_chunk(source: str, splitter: Splitter) -> None:
    reference = Reference(source)
    document = parse_drills(source)
    alignment = Alignment(source, reference)
    chunks = [alignment.words_of(chunk) for chunk in splitter.split(document, Phrasings(), words)]
    for place in find_places(document).values():
        span = reference.words_between(place.start, place.end)
        assert max(coverage(chunk, span) for chunk in chunks) > 0.3, place


def test_a_reformatted_document_gives_the_same_words() -> None:
    reformatted = SHIPPED.replace("  • ", "- ").replace("\n\n", "\n\n\n").replace("\n", "\r\n")
    reference = Reference(SHIPPED)
    plain, other = Alignment(SHIPPED, reference), Alignment(reformatted, reference)
    before = STRUCTURE.split(parse_drills(SHIPPED), Phrasings(), words)
    after = STRUCTURE.split(parse_drills(reformatted), Phrasings(), words)
    assert [one.id for one in before] == [one.id for one in after]
    bullets = [(old, new) for old, new in zip(before, after, strict=True) if old.id.count("/") == 2]
    assert bullets
    assert all(plain.words_of(old) == other.words_of(new) for old, new in bullets)


def test_text_that_is_no_longer_in_the_document_covers_nothing() -> None:
    old = DOCUMENT.replace("clock skew between hosts", "somebody pulled that cable out")
    alignment = Alignment(old, Reference(DOCUMENT))
    chunks = {chunk.id: chunk for chunk in STRUCTURE.split(parse_drills(old), Phrasings(), words)}
    assert alignment.words_of(chunks["s01/causes/1"]) == frozenset()
    assert len(alignment.words_of(chunks["s01/inspect/1"])) == 5


def test_a_line_put_together_from_several_places_is_found_by_its_words() -> None:
    reference = Reference(SHIPPED)
    alignment = Alignment(SHIPPED, reference)
    chunks = {chunk.id: chunk for chunk in STRUCTURE.split(parse_drills(SHIPPED), Phrasings(), words)}
    frameworks = [one for one in find_places(parse_drills(SHIPPED)).values() if one.section == "preamble/frameworks"]
    covered = alignment.words_of(chunks["preamble/frameworks"])
    assert all(coverage(covered, reference.words_between(one.start, one.end)) == 1.0 for one in frameworks)
