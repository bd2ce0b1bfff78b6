"""The terminal interview, in a process of its own, through a pipe and through a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.world import ROOT, World
from tests.interview.stage import STRONG

READY = "\x1b[?2004h"  # the prompt takes pasted text: it waits for input
SAID = "I would look into that with the people who own it and read what the logs say about it."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_whole_interview_through_a_pipe(world: World) -> None:
    lines = [STRONG, "Is that right?", "/hint", "/time", "/repeat", "/nonsense", SAID, "I don't know", "/finish"]
    done = world.run("talk", "--scenario", "1", stdin="\n".join([*lines, "3", "", "9", "4", "/skip"]) + "\n")
    assert done.returncode == 0, done.stderr
    assert "invoices from last night never arrived" in done.stdout
    assert "\x1b" not in done.stdout
    assert re.search(r"\d+:\d\d left", done.stdout)
    assert "no command /nonsense" in done.stderr
    assert "from 1 to 5" in done.stderr
    assert "history show" in done.stdout
    (session,) = world.sessions()
    assert (session["scenario"], session["status"], session["graded"]) == (1, "done", True)
    shown = world.run("history", "show", str(session["id"])[:8])
    assert SAID in shown.stdout


def test_the_end_of_input_pauses_and_resuming_goes_on(world: World) -> None:
    first = world.run("talk", "1", "--mode", "coach", "--level", "staff", "--minutes", "45", stdin=f"{STRONG}\n")
    assert first.returncode == 0
    found = re.search(r"--resume ([0-9a-f]{12})", first.stdout)
    assert found
    (session,) = world.sessions()
    assert session["status"] == "paused"
    assert (session["mode"], session["level"], session["minutes"]) == ("coach", "staff", 45)
    second = world.run("talk", "--resume", found[1], stdin=f"{SAID}\n/finish\n/skip\n")
    assert second.returncode == 0
    assert "Resumed" in second.stdout
    question = next(line for line in reversed(first.stdout.splitlines()) if "?" in line)
    assert question in second.stdout
    (session,) = world.sessions()
    assert (session["status"], session["turns"]) == ("done", 2)
    third = world.run("talk", "--resume", found[1])
    assert third.returncode == 0
    assert "history show" in third.stdout


def test_a_backslash_goes_on_with_the_next_line(world: World) -> None:
    world.run("talk", "1", stdin="first line\\\nsecond line\n//and a slash\n")
    shown = world.run("history", "show", str(world.sessions()[0]["id"])).stdout
    assert "first line\nsecond line" in shown
    assert "Candidate:\n/and a slash" in shown


def test_the_first_line_names_the_topic(world: World) -> None:
    done = world.run("talk", stdin="\ninvoices go missing\n/quit\n")
    assert done.returncode == 0
    assert "What would you like to practise" in done.stdout
    assert "Scenario 1: Invoices Go Missing" in done.stdout
    assert len(world.sessions()) == 1


def test_nothing_chosen_is_nothing_started(world: World) -> None:
    assert world.run("talk").returncode == 0
    assert world.sessions() == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--scenario", "77"), 2, "No drill fits “77”"),
        (("--resume", "ffffffff"), 1, "There is no session ffffffff"),
        (("1", "--mode", "easy"), 2, "easy"),
        (("1", "--minutes", "500"), 2, "120"),
    ],
)
def test_what_cannot_be_is_refused_in_words(world: World, arguments: tuple[str, ...], code: int, told: str) -> None:
    done = world.run("talk", *arguments)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_that_is_too_long_is_refused_and_the_interview_goes_on(world: World) -> None:
    done = world.run("talk", "1", stdin=f"{'x' * 9000}\n{STRONG}\n")
    assert "9,000 characters; at most 8,000" in done.stderr
    assert world.sessions()[0]["turns"] == 1


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_stop_pauses_and_saves(world: World, request_to_stop: signal.Signals) -> None:
    # a shell starts background jobs with interrupts ignored, and the tests may be one
    script = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler); runpy.run_module"
    command = [sys.executable, "-c", f"{script}('interviewer', run_name='__main__')", "talk", "1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=world.environment, encoding="utf-8", cwd=ROOT
    ) as talking:
        assert talking.stdin is not None
        assert talking.stdout is not None
        talking.stdin.write(f"{STRONG}\n/time\n")
        talking.stdin.flush()
        for line in talking.stdout:
            if " left · question" in line:
                break
        talking.send_signal(request_to_stop)
        rest = talking.stdout.read()
    assert talking.returncode == 0
    assert "Paused and saved" in rest
    assert (world.sessions()[0]["turns"], world.sessions()[0]["status"]) == (1, "paused")


def test_a_live_terminal_has_a_prompt_a_clock_and_multiple_lines(world: World) -> None:
    screen, child = pty.openpty()
    termios.tcsetwinsize(child, (40, 100))
    command = [sys.executable, "-m", "interviewer", "talk"]
    environment = {**world.environment, "TERM": "xterm"}
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment, cwd=ROOT) as talking:
        os.close(child)
        try:
            converse(screen)
        finally:
            os.close(screen)
    assert talking.returncode == 0
    shown = world.run("history", "show", str(world.sessions()[0]["id"])).stdout
    assert "first line\nsecond line" in shown


def converse(screen: int) -> None:
    expect(screen, "What would you like to practise", READY)
    os.write(screen, b"invoices go missing\r")
    expect(screen, "Start with this one?", READY)
    os.write(screen, b"y\r")
    expect(screen, READY, " left")
    os.write(screen, b"first line\x1b\rsecond line\r")
    expect(screen, "\r\n", READY)
    os.write(screen, b"\x03")
    expect(screen, "Paused and saved", "--resume")


def expect(screen: int, *wanted: str, limit_s: float = 60.0) -> None:
    """Read until all these words were shown, answering the terminal's question for the cursor."""
    seen, until = "", monotonic() + limit_s
    while any(words not in seen for words in wanted):
        ready, _, _ = select.select([screen], [], [], max(until - monotonic(), 0))
        assert ready, f"no {wanted} in {seen!r}"
        piece = os.read(screen, 65536).decode(errors="replace")
        if "\x1b[6n" in piece:
            os.write(screen, b"\x1b[1;1R")
        seen += piece
