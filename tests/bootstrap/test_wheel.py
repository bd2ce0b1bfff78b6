"""What is built from a checkout works without the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_the_wheel_runs_from_anywhere(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "INTERVIEWER_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "interviewer", *arguments]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment, cwd=tmp_path, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert len(json.loads(run("drills", "--json"))["bullets"]) == 257
    assert "no faults" in run("rubric", "lint")
    assert json.loads(run("find", "online features differ from the training ones", "--json"))["scenario"] == 9
    talk = tmp_path / "site" / "interviewer" / "_data" / "evals" / "gold" / "dev" / "dev-s09-a.json"
    assert "1 graded" in run("grade", str(talk), "--out", "out")


def test_the_source_distribution_holds_what_a_checkout_needs(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "README.md", "run.py", "app.py", "pyproject.toml", "requirements.lock", "corpus/mlops_drills.txt",
        "corpus/SOURCES.md", "rubrics/shared.yaml", "evals/rag/queries.jsonl", "evals/gates.toml", "tests/watch.py",
        "benchmarks/__main__.py",
        "tools/export_minilm.py", "interviewer/models/assets/minilm/model_int8.onnx",
    }  # fmt: skip
    assert wanted - names == set()
    assert [name for name in names if ".venv" in name or "__pycache__" in name] == []
