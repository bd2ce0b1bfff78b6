#!/usr/bin/env python3
"""Everything a person types: creates the environment on first use, then runs what was asked for.

    python3 run.py app                 start the app and print its address
    python3 run.py test [PYTEST ARGS]  run all tests
    python3 run.py lint                ruff and the type checker
    python3 run.py check               what CI runs: lint, then all tests
    python3 run.py bench [NAME]        the benchmarks
    python3 run.py -- COMMAND ...      any command inside the environment, e.g. -- interviewer talk

Standard library only. Uses uv when it is on PATH, else venv and pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, NoReturn

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "interviewer.stamp"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    say(text)
    raise SystemExit(1)


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            f"interviewer needs Python 3.11, 3.12 or 3.13; this is {sys.version_info[0]}.{sys.version_info[1]} "
            f"({sys.executable}). Start it with one of those, e.g. python3.12 run.py app"
        )


def wanted_stamp() -> str:
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(f"{sys.version} {ROOT}".encode())
    return digest.hexdigest()


def call(*command: object) -> bool:
    """Run a command, its output on our stderr; True when it succeeded."""
    return subprocess.call([str(part) for part in command], stdout=sys.stderr) == 0


def create_with_uv(uv: str) -> bool:
    return call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV) and call(
        uv, "pip", "install", "--python", PYTHON, "--require-hashes", "--compile-bytecode", "-r", LOCK
    )


def has_module(name: str) -> bool:
    return subprocess.call([sys.executable, "-c", "import " + name], stderr=subprocess.DEVNULL) == 0


def create_with_pip() -> bool:
    if has_module("ensurepip"):
        return call(sys.executable, "-m", "venv", "--clear", VENV) and install_with(PYTHON, "-m", "pip")
    if has_module("pip"):  # Debian without python3-venv: an environment without pip, filled from outside
        return call(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV) and install_with(
            sys.executable, "-m", "pip", "--python", PYTHON
        )
    return stop(
        "This Python has neither pip nor ensurepip. Type: sudo apt install python3-venv python3-pip   (or install uv), "
        "then start again."
    )


def install_with(*pip: object) -> bool:
    return call(*pip, "install", "--progress-bar", "on", "--require-hashes", "-r", LOCK)


def create_environment() -> None:
    uv = shutil.which("uv")
    tool = "uv" if uv else "pip"
    say(f"Creating the environment in .venv with {tool} (once; one to three minutes, about 1 GB) ...")
    STAMP.unlink(missing_ok=True)
    if not (create_with_uv(uv) if uv else create_with_pip()):
        stop("The environment could not be created; the lines above say why. Mend that and start again.")
    add_project()
    STAMP.write_text(wanted_stamp(), encoding="utf-8")  # last, so that a broken run is repeated
    say("The environment is ready.")


def add_project() -> None:
    """Make `import interviewer` and the command `interviewer` work in the environment without building a wheel."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([str(PYTHON), "-c", code], text=True).strip())
    (packages / "interviewer-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    if os.name == "nt":
        (SCRIPTS / "interviewer.cmd").write_text(f'@"{PYTHON}" -m interviewer %*\n', encoding="utf-8")
        return
    script = SCRIPTS / "interviewer"
    script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m interviewer "$@"\n', encoding="utf-8")
    script.chmod(0o755)


def is_ready() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted_stamp()


def ensure_environment() -> None:
    """Create the environment unless it is there and current; two starts at once do not get into each other's way."""
    if is_ready():
        return
    VENV.parent.joinpath(".venv.lock").touch()
    with open(ROOT / ".venv.lock", "r+") as lock:
        lock_file(lock)
        if not is_ready():
            create_environment()


def lock_file(lock: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)


def search_path() -> str:
    return f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"


def run(*command: object) -> int:
    """Run a command in the environment and return its exit status."""
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=search_path())
    environment.pop("PYTHONHOME", None)
    try:
        return subprocess.call([str(part) for part in command], env=environment)
    except KeyboardInterrupt:
        return 130


def lint() -> int:
    ruff = run(PYTHON, "-m", "ruff", "check", ROOT)
    return ruff or run(PYTHON, "-m", "mypy", "--config-file", ROOT / "pyproject.toml")


def test(arguments: list[str]) -> int:
    # a worker per core; a file stays with one worker, which starts what the file needs once
    spread = ["-n", "auto", "--dist", "loadfile"]
    return run(PYTHON, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT, *spread, *arguments)


def main(arguments: list[str]) -> int:
    check_python()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in ("app", "test", "lint", "check", "bench", "--") or (name == "--" and not rest):
        say(f"run.py has no command {name!r}.\n{__doc__}")
        return 2
    ensure_environment()
    if name == "app":
        return run(PYTHON, ROOT / "app.py", *rest)
    if name == "test":
        return test(rest)
    if name == "lint":
        return lint()
    if name == "check":
        return lint() or test(rest)
    if name == "bench":
        return run(PYTHON, "-m", "benchmarks", *rest)
    program = shutil.which(rest[0], path=search_path())
    if program is None:
        stop(f"There is no command {rest[0]!r} in the environment. Try: python3 run.py -- interviewer --help")
    return run(program, *rest[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
