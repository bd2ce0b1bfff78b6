"""A built index, built once and copied for each test that wants to break it."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from interviewer.index.build import build_index
from interviewer.index.recipe import Recipe
from interviewer.index.versions import Versions
from tests.index.small import small_recipe, stamp


class Place(NamedTuple):
    """A corpus with its index."""

    recipe: Recipe
    versions: Versions

    @property
    def active(self) -> Path:
        pointer = self.versions.active()
        assert pointer is not None
        return self.versions.folder(pointer.digest)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("pristine")
    place = Place(small_recipe(folder), Versions(folder / "indexes"))
    build_index(place.versions, place.recipe, stamp())
    return place


@pytest.fixture
def place(pristine: Place, tmp_path: Path) -> Place:
    """A copy of the built index, to do anything with."""
    shutil.copytree(pristine.versions.root, tmp_path / "indexes")
    return Place(small_recipe(tmp_path), Versions(tmp_path / "indexes"))
