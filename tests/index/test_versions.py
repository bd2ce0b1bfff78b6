"""The pointer and the folders, without any search engine."""

from pathlib import Path

import pytest

from interviewer.errors import IndexBrokenError, IndexUnavailableError, NotFoundError
from interviewer.index.versions import KEPT, Release, Versions, hash_files
from interviewer.manifest import Manifest
from tests.index.small import small_recipe


def manifest(folder: Path, number: int) -> Manifest:
    recipe = small_recipe(folder)
    recipe.corpus.write_text(recipe.corpus.read_text() + f"\n  • idea {number}\n")
    return recipe.manifest()


def install(versions: Versions, one: Manifest, number: int) -> str:
    nonce = f"{number:016x}"
    with versions.writer():
        folder = versions.new_folder(nonce)
        (folder / "chunks.jsonl").write_text(nonce)
        files = hash_files(folder)
        release = Release(manifest=one, titles={1: "T"}, chunks=1, nonce=nonce, created_at=number, files=files)
        versions.install(folder, release)
    return one.digest


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "indexes")


def test_nothing_is_active_at_first(versions: Versions) -> None:
    assert versions.active() is None
    assert versions.releases() == []


def test_only_some_versions_are_kept(versions: Versions, tmp_path: Path) -> None:
    digests = [install(versions, manifest(tmp_path, number), number) for number in range(KEPT + 2)]
    assert [one.manifest.digest for one in versions.releases()] == digests[:1:-1]


def test_active_and_previous_are_kept_however_old(versions: Versions, tmp_path: Path) -> None:
    digests = [install(versions, manifest(tmp_path, number), number) for number in range(2)]
    with versions.writer():
        versions.point_to(digests[0], pinned=True)
    for number in range(2, 5):
        last = install(versions, manifest(tmp_path, number), number)
        with versions.writer():
            versions.point_to(digests[0], pinned=True)
    active = versions.active()
    assert active is not None
    assert (active.digest, active.previous, active.pinned) == (digests[0], last, True)
    assert versions.verify(digests[0])


def test_pointing_twice_at_one_version_keeps_the_way_back(versions: Versions, tmp_path: Path) -> None:
    first, second = (install(versions, manifest(tmp_path, number), number) for number in range(2))
    with versions.writer():
        versions.point_to(second, pinned=False)
    active = versions.active()
    assert active is not None
    assert (active.digest, active.previous) == (second, first)


@pytest.mark.parametrize("content", [b"", b"{", b'{"digest": 1}', b"\xff\xfe"])
def test_damaged_pointer_is_no_pointer(versions: Versions, tmp_path: Path, content: bytes) -> None:
    install(versions, manifest(tmp_path, 1), 1)
    (versions.root / "ACTIVE").write_bytes(content)
    assert versions.active() is None


def test_unknown_version(versions: Versions) -> None:
    with pytest.raises(NotFoundError, match="index list"):
        versions.verify("0" * 16)


def test_changed_added_and_missing_files_are_noticed(versions: Versions, tmp_path: Path) -> None:
    digest = install(versions, manifest(tmp_path, 1), 1)
    chunks, foreign = versions.folder(digest) / "chunks.jsonl", versions.folder(digest) / "more"
    good = chunks.read_bytes()
    foreign.write_text("x")
    with pytest.raises(IndexBrokenError, match="more"):
        versions.verify(digest)
    foreign.unlink()
    chunks.write_bytes(good + b" ")
    with pytest.raises(IndexBrokenError, match=r"chunks\.jsonl"):
        versions.verify(digest)
    chunks.unlink()
    with pytest.raises(IndexBrokenError, match=r"chunks\.jsonl"):
        versions.verify(digest)


def test_record_of_another_version_is_refused(versions: Versions, tmp_path: Path) -> None:
    one, other = (install(versions, manifest(tmp_path, number), number) for number in range(2))
    (versions.folder(one) / "manifest.json").write_bytes((versions.folder(other) / "manifest.json").read_bytes())
    with pytest.raises(IndexBrokenError, match=other):
        versions.release(one)
    assert [release.manifest.digest for release in versions.releases()] == [other]


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailableError, match="INTERVIEWER_DATA_DIR"), Versions(tmp_path / "file").writer():
        pass
