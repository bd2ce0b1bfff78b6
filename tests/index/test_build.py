"""Building with real Chroma: what is on disk afterwards, and when a build is needed at all."""

import json
from pathlib import Path

import pytest

from interviewer.errors import DrillError, IndexBrokenError, IndexBusyError
from interviewer.index.build import build_index
from interviewer.index.child import run_child
from interviewer.index.versions import CHROMA, Versions
from tests.index.conftest import Place
from tests.index.small import DOCUMENT, small_recipe, stamp, write_corpus


def test_folder_is_named_by_the_manifest_and_holds_everything(pristine: Place) -> None:
    digest = pristine.recipe.manifest().digest
    assert pristine.active.name == digest
    names = {path.name for path in pristine.active.iterdir()}
    assert names == {"chroma", "chunks.jsonl", "manifest.json", "source.txt", "vectors.npy"}
    assert pristine.versions.verify(digest).chunks == len((pristine.active / "chunks.jsonl").read_text().splitlines())


def test_pointer_is_one_line_of_json(pristine: Place) -> None:
    text = (pristine.versions.root / "ACTIVE").read_text()
    assert text.count("\n") == 1
    assert json.loads(text) == {"digest": pristine.active.name, "previous": None, "pinned": False}


def test_same_files_give_the_same_manifest(tmp_path: Path, pristine: Place) -> None:
    assert small_recipe(tmp_path).manifest() == pristine.recipe.manifest()


def test_sound_index_is_not_built_again(place: Place) -> None:
    before = sorted(path.stat().st_mtime_ns for path in place.active.rglob("*"))
    built = build_index(place.versions, place.recipe, stamp(2))
    assert not built.fresh
    assert sorted(path.stat().st_mtime_ns for path in place.active.rglob("*")) == before


def test_force_builds_again(place: Place) -> None:
    built = build_index(place.versions, place.recipe, stamp(2), force=True)
    assert built.fresh
    assert place.versions.verify(built.release.manifest.digest).nonce == stamp(2).nonce


def test_changed_corpus_is_another_version_and_the_old_one_stays(place: Place) -> None:
    old = place.active.name
    write_corpus(place.recipe.corpus.parent, DOCUMENT.replace("loader exit code", "loader exit status"))
    told: list[str] = []
    built = build_index(place.versions, place.recipe, stamp(2), tell=told.append)
    active = place.versions.active()
    assert active is not None
    assert (active.digest, active.previous) == (built.release.manifest.digest, old)
    assert built.release.manifest.differences(place.versions.release(old).manifest) == ("corpus",)
    assert place.versions.verify(old)
    assert told


def test_faulty_corpus_changes_nothing(place: Place) -> None:
    before = place.versions.active()
    place.recipe.corpus.write_text("nothing that could be a drill")
    with pytest.raises(DrillError):
        build_index(place.versions, place.recipe, stamp(2))
    assert place.versions.active() == before


def test_left_overs_of_a_build_that_died_are_removed(place: Place) -> None:
    dead = place.versions.root / ".building-dead"
    dead.mkdir()
    build_index(place.versions, place.recipe, stamp(2), force=True)
    assert not dead.exists()
    assert {path.name for path in place.versions.root.iterdir()} == {place.active.name, "ACTIVE", ".lock"}


def test_second_builder_is_told(place: Place) -> None:
    with place.versions.writer(), pytest.raises(IndexBusyError, match=r"\.lock") as caught:
        build_index(Versions(place.versions.root), place.recipe, stamp(2), force=True)
    assert caught.value.exit_code == 75


def test_check_passes_on_a_sound_index(place: Place) -> None:
    run_child("check", place.active, stamp().nonce)


@pytest.mark.parametrize("nonce", ["0" * 16, "another"])
def test_check_misses_a_foreign_canary(place: Place, nonce: str) -> None:
    with pytest.raises(IndexBrokenError, match="canary"):
        run_child("check", place.active, nonce)


def test_check_notices_an_emptied_store(place: Place) -> None:
    (place.active / CHROMA / "chroma.sqlite3").write_bytes(b"")
    with pytest.raises(IndexBrokenError, match="no collection"):
        run_child("check", place.active, stamp().nonce)


def test_check_notices_that_vectors_are_gone(place: Place) -> None:
    chunks = place.active / "chunks.jsonl"
    chunks.write_text("\n".join(chunks.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(IndexBrokenError, match="does not go with"):
        run_child("check", place.active, stamp().nonce)


def test_child_that_takes_too_long_is_stopped(place: Place) -> None:
    with pytest.raises(IndexBrokenError, match="longer than"):
        run_child("check", place.active, stamp().nonce, time_out_s=0.01)
