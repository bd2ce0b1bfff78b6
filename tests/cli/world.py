"""A small drill and its rubric as files, and the command run on them in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.interview.stage import DRILL, small_rubric

ROOT = Path(__file__).parents[2]


class World:
    """Files and data folder of one test; `run` gives stdin to the command and waits.

    `variables` come into the environment.
    """

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.variables: dict[str, str] = {}
        self._corpus, self._rubrics = folder / "drill.txt", folder / "rubrics"
        self._corpus.write_text(DRILL, encoding="utf-8")
        self._rubrics.mkdir()
        rubric = small_rubric()
        # JSON is YAML
        (self._rubrics / "s01.yaml").write_text(rubric.scenario.model_dump_json(), encoding="utf-8")
        (self._rubrics / "shared.yaml").write_text(rubric.shared.model_dump_json(), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "INTERVIEWER_DATA_DIR": str(self.data),
            "INTERVIEWER_CORPUS": str(self._corpus),
            "INTERVIEWER_RUBRICS": str(self._rubrics),
            **self.variables,
        }

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "interviewer", *arguments]
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env=self.environment,
            cwd=self.data.parent,
            check=False,
        )

    def sessions(self) -> list[dict[str, object]]:
        done = self.run("history", "--json")
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout)["sessions"])
