"""Whatever the disk looks like, a search comes out, and says when it is less than the whole."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.errors import ShippedDataError
from interviewer.index.opening import Ways, open_key_retriever, open_public_retriever
from interviewer.index.versions import CHROMA
from interviewer.models.embedder import Vectors
from interviewer.models.hashing import HashingEmbedder
from tests.index.conftest import Place
from tests.index.small import DOCUMENT, stamp, write_corpus

QUERY = "the dead letter queue is full of poison messages"
CHROMA_WAYS = Ways("chroma", stamp(9))


class NoEmbedder(HashingEmbedder):
    """An embedder whose files are gone."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        raise ShippedDataError("model_int8.onnx is missing.")


def segment(folder: Path) -> Path:
    return next(path for path in (folder / CHROMA).iterdir() if path.is_dir())


def drop_graph(folder: Path) -> None:
    shutil.rmtree(segment(folder))


def empty_database(folder: Path) -> None:
    (folder / CHROMA / "chroma.sqlite3").write_bytes(b"")


def cut_header(folder: Path) -> None:
    header = segment(folder) / "header.bin"
    header.write_bytes(header.read_bytes()[:10])


def scramble_vectors(folder: Path) -> None:
    (folder / "vectors.npy").write_bytes(b"\x93NUMPY nonsense")


def cut_chunks(folder: Path) -> None:
    chunks = folder / "chunks.jsonl"
    chunks.write_bytes(chunks.read_bytes()[:-40])


def drop_record(folder: Path) -> None:
    (folder / "manifest.json").unlink()


DAMAGES = [drop_graph, empty_database, cut_header, scramble_vectors, cut_chunks, drop_record]


def found_by(place: Place, ways: Ways = CHROMA_WAYS) -> tuple[str, str, str]:
    """First bullet, engine, and what is said to be reduced."""
    retriever = open_key_retriever(place.versions, place.recipe, ways)
    found = retriever.find(QUERY)
    retriever.close()
    return found.hits[0].chunk.bullets[0], found.engine, found.reduced


def test_sound_index_is_searched_by_chroma(place: Place) -> None:
    assert found_by(place) == ("s02.inspect.2", "chroma", "")


def test_missing_index_is_built(tmp_path: Path, place: Place) -> None:
    shutil.rmtree(place.versions.root)
    assert found_by(place) == ("s02.inspect.2", "chroma", "")
    assert place.active.is_dir()


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_index_is_built_again(place: Place, damage: Callable[[Path], None]) -> None:
    damage(place.active)
    told: list[str] = []
    assert found_by(place, CHROMA_WAYS._replace(tell=told.append)) == ("s02.inspect.2", "chroma", "")
    assert "damaged" in told[0]
    assert place.versions.verify(place.active.name).nonce == stamp(9).nonce


def test_changed_corpus_is_indexed_by_itself(place: Place) -> None:
    old = place.active.name
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("poison messages in", "rubbish in"))
    found_by(place)
    assert place.active.name == place.recipe.manifest().digest != old


def test_another_embedder_is_another_index(place: Place) -> None:
    other = place._replace(recipe=replace(place.recipe, embedder=HashingEmbedder(32)))
    assert found_by(other) == ("s02.inspect.2", "chroma", "")
    assert len({release.manifest.embedder.fingerprint for release in place.versions.releases()}) == 2


def test_damaged_store_beside_a_busy_builder_is_searched_exactly(place: Place) -> None:
    empty_database(place.active)
    with place.versions.writer():
        bullet, engine, reduced = found_by(place)
    assert (bullet, engine) == ("s02.inspect.2", "exact")
    assert "stored vectors" in reduced


def test_no_index_beside_a_busy_builder_is_made_in_memory(place: Place) -> None:
    shutil.rmtree(place.active)
    with place.versions.writer():
        bullet, engine, reduced = found_by(place)
    assert (bullet, engine) == ("s02.inspect.2", "exact")
    assert "another process is building" in reduced


def test_the_index_of_before_answers_when_the_new_one_cannot_be_built(place: Place) -> None:
    old = place.active.name
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("poison messages in", "rubbish in"))
    with place.versions.writer():
        bullet, engine, reduced = found_by(place)
    assert (bullet, engine) == ("s02.inspect.2", "chroma")
    assert f"index {old}, in use before, answers" in reduced
    assert "corpus" in reduced


def test_a_broken_index_of_before_gives_way_to_exact_search(place: Place) -> None:
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("poison messages in", "rubbish in"))
    empty_database(place.active)
    with place.versions.writer():
        bullet, engine, reduced = found_by(place)
    assert (bullet, engine) == ("s02.inspect.2", "exact")
    assert "vectors made just now" in reduced


def test_folder_that_cannot_be_written_is_no_end(place: Place) -> None:
    shutil.rmtree(place.versions.root)
    place.versions.root.write_text("in the way")
    _, engine, reduced = found_by(place)
    assert engine == "exact"
    assert "INTERVIEWER_DATA_DIR" in reduced


def test_without_an_embedder_words_are_left(place: Place) -> None:
    bullet, engine, reduced = found_by(place._replace(recipe=replace(place.recipe, embedder=NoEmbedder())))
    assert (bullet, engine) == ("s02.inspect.2", "bm25")
    assert "words alone" in reduced


def test_chosen_version_stays_though_the_corpus_changed(place: Place) -> None:
    old = place.active.name
    with place.versions.writer():
        place.versions.point_to(old, pinned=True)
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("poison messages in", "rubbish in"))
    _, engine, reduced = found_by(place)
    assert (engine, place.active.name) == ("chroma", old)
    assert "corpus" in reduced


def test_chosen_version_of_another_embedder_is_searched_by_words(place: Place) -> None:
    with place.versions.writer():
        place.versions.point_to(place.active.name, pinned=True)
    _, engine, reduced = found_by(place._replace(recipe=replace(place.recipe, embedder=HashingEmbedder(32))))
    assert engine == "bm25"
    assert "embedder" in reduced


def test_public_retriever_opens_by_the_same_way(place: Place) -> None:
    retriever = open_public_retriever(place.versions, place.recipe, CHROMA_WAYS)
    found = retriever.find("lag keeps climbing")
    retriever.close()
    assert found.ranked[0].scenario == 2
    assert found.hits[0].chunk.id == "s02/symptom/1"
