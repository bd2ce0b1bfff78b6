"""Whether an index is that of the corpus: by its passages, by what is left over, and by a vector query."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.index.build import build_index
from interviewer.index.child import group_entries
from interviewer.index.chroma import Group, write_store
from interviewer.index.contents import Contents, load_entries, load_vectors
from interviewer.index.freshness import check_freshness, find_embedder_fault, find_staleness
from interviewer.index.versions import CHROMA, RECORD, Release, hash_files
from interviewer.models.hashing import HashingEmbedder
from tests.index.conftest import Place
from tests.index.small import DOCUMENT, stamp, write_corpus


def change_corpus(place: Place) -> None:
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("clock skew between hosts", "two hosts disagree on time"))
    os.utime(place.recipe.corpus, (2_000.0, 2_000.0))


def test_a_new_index_is_fresh(place: Place) -> None:
    found = check_freshness(place.versions, place.recipe, now=5_000.0)
    assert found.holds
    assert (found.matching, found.tombstones, found.lag_s, found.canary) == (1.0, 0, 0.0, True)


def test_a_changed_corpus_makes_it_stale_until_it_is_built_again(place: Place) -> None:
    change_corpus(place)
    found = check_freshness(place.versions, place.recipe, now=5_000.0)
    assert found.state == "stale"
    assert 0.8 < found.matching < 1.0
    assert found.tombstones == 2  # the bullet, and the section that it stands in
    assert found.lag_s == 3_000.0
    assert "2 passages of the corpus are not in the index" in found.says
    build_index(place.versions, place.recipe, stamp(5))
    assert check_freshness(place.versions, place.recipe, now=9_000.0).holds


def test_a_touched_corpus_with_the_same_passages_is_fresh(place: Place) -> None:
    place.recipe.corpus.write_text(DOCUMENT.replace("\n\n", "\n\n\n") + "\n")
    assert check_freshness(place.versions, place.recipe, now=5_000.0).holds


def test_a_missing_index_is_no_error(place: Place) -> None:
    shutil.rmtree(place.versions.root)
    assert check_freshness(place.versions, place.recipe, now=0.0).state == "missing"


def test_a_damaged_index_is_named(place: Place) -> None:
    (place.active / "vectors.npy").unlink()
    found = check_freshness(place.versions, place.recipe, now=0.0)
    assert found.state == "damaged"
    assert "vectors.npy" in found.says


def test_counting_rows_does_not_replace_the_canary(place: Place) -> None:
    """A store with every row and without the nonce of its build: what a stale handle looks like."""
    entries = load_entries(place.active)
    groups = group_entries(Contents(entries, load_vectors(place.active, entries), {}))
    shutil.rmtree(place.active / CHROMA)
    write_store(place.active / CHROMA, [Group(*one) for one in groups], "0" * 16)
    rewrite_hashes(place.active)
    found = check_freshness(place.versions, place.recipe, now=0.0)
    assert (found.state, found.canary) == ("damaged", False)
    assert "canary" in found.says


def rewrite_hashes(folder: Path) -> None:
    release = Release.model_validate_json((folder / RECORD).read_bytes())
    (folder / RECORD).write_text(release.model_copy(update={"files": hash_files(folder)}).model_dump_json())


def test_vectors_of_another_model_of_the_same_size_are_noticed(place: Place) -> None:
    class Other(HashingEmbedder):
        def embed(self, texts):  # type: ignore[no-untyped-def]
            return super().embed([text[::-1] for text in texts])

    found = check_freshness(place.versions, replace(place.recipe, embedder=Other()), now=0.0)
    assert found.state == "stale"
    assert "not those of hashing-64@1" in found.says


@pytest.mark.parametrize(("dim", "fault"), [(64, ""), (32, "vectors of 64 numbers")])
def test_the_embedder_has_to_fit(place: Place, dim: int, fault: str) -> None:
    entries = load_entries(place.active)
    contents = Contents(entries, load_vectors(place.active, entries), {})
    assert fault in find_embedder_fault(contents, HashingEmbedder(dim))
    assert bool(find_embedder_fault(contents, HashingEmbedder(dim))) == bool(fault)


def test_order_does_not_matter(place: Place) -> None:
    entries = load_entries(place.active)
    assert find_staleness(entries[::-1], entries) == ""
    assert find_staleness(entries[1:], entries).startswith("1 passages")
