"""Chromium is the one thing that the tests need and pip cannot bring; a key is one that they must not have."""

import os
import shutil

from hypothesis import settings

# the same examples in every run, and no test fails for being slow: timings belong to benchmarks/
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# a key in the shell of whoever runs the tests must not send anything anywhere
for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
    os.environ.pop(name, None)

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")
collect_ignore = [] if CHROMIUM else ["web/test_browser.py", "web/test_lobby.py", "web/test_modelled.py"]


def pytest_report_header() -> str:
    if CHROMIUM:
        return f"browser tests: {CHROMIUM}"
    return "browser tests: LEFT OUT, no Chromium on PATH (Debian and Ubuntu: apt-get install chromium)"
