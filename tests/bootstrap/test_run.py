"""run.py: what it says and when it builds the environment anew."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("run.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def load(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_of_checkout", checkout / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_ready(checkout: Path) -> ModuleType:
    run = load(checkout)
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    run.STAMP.write_text(run.wanted_stamp(), encoding="utf-8")
    return run


def test_a_stamped_environment_is_used_as_it_is(checkout: Path) -> None:
    assert make_ready(checkout).is_ready()


def test_an_environment_without_stamp_is_not_ready(checkout: Path) -> None:
    run = make_ready(checkout)
    run.STAMP.unlink()
    assert not run.is_ready()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_file_asks_for_a_new_environment(checkout: Path, name: str) -> None:
    run = make_ready(checkout)
    with (checkout / name).open("a") as file:
        file.write("\n# changed\n")
    assert not run.is_ready()


def test_a_moved_checkout_asks_for_a_new_environment(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    make_ready(checkout)
    moved = tmp_path_factory.mktemp("elsewhere") / "checkout"
    shutil.copytree(checkout, moved)
    assert not load(moved).is_ready()


def test_a_wrong_python_gets_a_clear_sentence(checkout: Path) -> None:
    source = (checkout / "run.py").read_text().replace("OLDEST = (3, 11)", "OLDEST = (9, 0)")
    (checkout / "run.py").write_text(source)
    done = subprocess.run([sys.executable, "run.py", "app"], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_unknown_command_shows_the_commands(checkout: Path) -> None:
    done = subprocess.run([sys.executable, "run.py", "fly"], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "run.py app" in done.stderr


def test_the_lock_pins_hashes_and_names_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if "==" in line and not line.startswith(" ")]
    assert len(pins) > 100
    assert all(line.endswith("\\") for line in pins)
    assert not [line for line in lines if "://" in line or "index-url" in line]
