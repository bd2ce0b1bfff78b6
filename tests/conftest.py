"""Chromium is the one thing that the tests need and pip cannot bring."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")
collect_ignore = [] if CHROMIUM else ["web/test_browser.py"]


def pytest_report_header() -> str:
    if CHROMIUM:
        return f"browser tests: {CHROMIUM}"
    return "browser tests: LEFT OUT, no Chromium on PATH (Debian and Ubuntu: apt-get install chromium)"
