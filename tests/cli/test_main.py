"""The command line as a whole."""

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from interviewer import __version__
from interviewer.cli.main import COMMANDS


def interviewer(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "interviewer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_names_every_command() -> None:
    done = interviewer("--help")
    assert done.returncode == 0
    for name, purpose in COMMANDS.items():
        assert name in done.stdout
        assert purpose.split(":")[0] in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_module_with_an_app(name: str) -> None:
    assert isinstance(import_module(f"interviewer.cli.{name}").app, typer.Typer)


def test_version() -> None:
    assert __version__ in interviewer("--version").stdout


def test_unknown_command_is_refused() -> None:
    done = interviewer("nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_errors_of_ours_are_one_line_and_an_exit_code() -> None:
    done = interviewer("drills", "--file", "no-such-file.txt")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no-such-file.txt")
    assert "Traceback" not in done.stderr
