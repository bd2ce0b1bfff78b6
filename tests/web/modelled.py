"""The page of an app whose model is the loopback endpoint: the real command, a real port, a real Chromium."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import CHROMIUM
from tests.wire.server import LoopbackModel

PATIENCE_MS = 60_000


@contextmanager
def modelled_page(server: LoopbackModel, data: Path, **settings: str) -> Iterator[Page]:
    """The lobby of a running app."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUNBUFFERED": "1",
        "INTERVIEWER_DATA_DIR": str(data),
        "INTERVIEWER_BASE_URL": server.url,
        "INTERVIEWER_MODEL": "openai:stub",
        **settings,
    }
    command = [sys.executable, "-m", "interviewer", "app", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as app:
        try:
            assert app.stdout
            assert str(port) in app.stdout.readline()
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                opened = chromium.new_page()
                opened.set_default_timeout(PATIENCE_MS)
                opened.goto(f"http://127.0.0.1:{port}")
                expect(opened.get_by_role("button", name="Start the interview")).to_be_enabled(timeout=PATIENCE_MS)
                yield opened
                chromium.close()
        finally:
            app.terminate()
