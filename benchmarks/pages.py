"""How soon the page stands in a browser, against a bare `gr.ChatInterface`: both served in the same run, by turns."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.measure import ROOT, Row, interviewer, measure_command

BARE = """
import sys
import gradio as gr
demo = gr.ChatInterface(lambda message, history: message, analytics_enabled=False)
demo.launch(server_port=int(sys.argv[1]), prevent_thread_lock=True, quiet=True, ssr_mode=False)
print("ready", flush=True)
demo.block_thread()
"""
RUNS = 15
TARGET = 1.25


def page_row() -> Row:
    """From asking for the page to its text box being there, a fresh browser profile each time, index already built."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return Row("first page against a bare ChatInterface", "not measured: no Chromium", f"<= {TARGET}", holds=False)
    ports = free_port(), free_port()
    app, bare = interviewer("app", "--port", str(ports[0])), [sys.executable, "-c", BARE, str(ports[1])]
    with tempfile.TemporaryDirectory() as data_dir:
        measure_command(interviewer("index", "build"), {"INTERVIEWER_DATA_DIR": data_dir})
        with served(app, data_dir), served(bare, data_dir):
            ours, theirs = first_pages_s(chromium, [f"http://127.0.0.1:{port}" for port in ports])
    # pair by pair, since the speed of a shared machine drifts
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    what = (
        f"first page ({statistics.median(ours):.2f} s) against a bare ChatInterface ({statistics.median(theirs):.2f} s)"
    )
    return Row(what, f"{ratio:.2f}", f"<= {TARGET}", ratio <= TARGET)


def first_pages_s(chromium: str, addresses: list[str]) -> list[list[float]]:
    """Seconds per address and run; the first run of each warms the server and is left out."""
    from playwright.sync_api import sync_playwright

    found: list[list[float]] = [[] for _ in addresses]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(RUNS + 1):
            for place, address in enumerate(addresses):
                page = browser.new_context().new_page()
                begun = time.perf_counter()
                page.goto(address, wait_until="commit")
                page.locator("textarea").first.wait_for()
                found[place].append(time.perf_counter() - begun)
                page.context.close()
        browser.close()
    return [times[1:] for times in found]


@contextmanager
def served(command: list[str], data_dir: str) -> Iterator[None]:
    """The command running; entered once it has printed its first line."""
    environment = {**os.environ, "INTERVIEWER_DATA_DIR": data_dir, "PYTHONUNBUFFERED": "1"}
    environment |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
