"""`interviewer config` and the settings behind it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from interviewer.privacy import silence_telemetry


def config(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERVIEWER_")}
    return subprocess.run(
        [sys.executable, "-m", "interviewer", "config", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_value_names_its_source_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "interviewer.toml").write_text('port = 7001\nminutes = 20\nlevel = "staff"\n')
    (tmp_path / ".env").write_text("INTERVIEWER_MINUTES=25\nINTERVIEWER_PORT=7002\n")
    shown = json.loads(config(tmp_path, "--json", INTERVIEWER_PORT="7003").stdout)
    assert shown["port"] == {"value": "7003", "source": "environment"}
    assert shown["minutes"] == {"value": "25", "source": ".env"}
    assert shown["level"] == {"value": "staff", "source": "interviewer.toml"}
    assert shown["mode"] == {"value": "real", "source": "default"}


def test_secrets_are_masked(tmp_path: Path) -> None:
    done = config(tmp_path, INTERVIEWER_APP_PASSWORD="open-sesame")
    assert "open-sesame" not in done.stdout + done.stderr
    assert "********" in done.stdout


def test_a_bad_value_is_named(tmp_path: Path) -> None:
    done = config(tmp_path, INTERVIEWER_PORT="many", INTERVIEWER_MINUTES="1")
    assert done.returncode == 2
    assert "port" in done.stderr
    assert "minutes" in done.stderr


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "interviewer.toml").write_text("port = = 1\n")
    done = config(tmp_path)
    assert done.returncode == 2
    assert "interviewer.toml" in done.stderr


def test_silence_overrides_a_shell_that_traces() -> None:
    environment = {"LANGSMITH_TRACING": "true", "LANGSMITH_GATEWAY": "elsewhere", "NO_PROXY": "intranet"}
    silence_telemetry(environment)
    assert environment["LANGSMITH_TRACING"] == "false"
    assert "LANGSMITH_GATEWAY" not in environment
    assert environment["NO_PROXY"].split(",") == ["intranet", "127.0.0.1", "localhost", "::1"]
