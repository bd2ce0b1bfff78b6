"""The page as a person sees it: the real command, a real port, a real Chromium."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import CHROMIUM
from tests.watch import Watch

PATIENCE_MS = 30_000
ANSWER = (
    "First I'd compare the feature values that were logged at request time with the ones the training job computes for"
    " the same user and the same second, and see which columns differ."
)
HOSTILE = '<img src="http://127.0.0.1:1/x.png" onerror="document.title=\'owned\'"> **bold** $x$ [a](http://e)'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app with an empty data folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("data")
    watch = Watch(data / "watch")
    command = [sys.executable, "-m", "interviewer", "app", "--port", str(port)]
    environment = {**watch.environment, "INTERVIEWER_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as app:
        try:
            assert app.stdout
            line = app.stdout.readline()
            assert f"http://127.0.0.1:{port}" in line
            yield f"http://127.0.0.1:{port}"
        finally:
            app.terminate()
    assert watch.lookups == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """A page with what went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    @property
    def said(self) -> Locator:
        return self.page.locator('#chat [data-testid="bot"]')

    @property
    def answer(self) -> Locator:
        return self.page.get_by_label("Your answer")

    def reply(self, text: str) -> None:
        """Send an answer and wait until the interviewer has finished speaking."""
        before = self.said.count()
        self.answer.fill(text)
        self.answer.press("Enter")
        expect(self.said).to_have_count(before + 1)
        self.wait_for_turn()

    def wait_for_turn(self) -> None:
        expect(self.answer).to_be_editable()
        expect(self.answer).to_have_value("")

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def visit(browser: Browser, address: str, width: int = 1100, scheme: str = "light") -> Visitor:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    visitor = Visitor(page)
    page.on("console", lambda one: visitor.faults.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: None if is_unload(str(one)) else visitor.faults.append(str(one)))
    page.on("request", lambda one: None if is_ours(one.url, address) else visitor.faults.append(one.url))
    page.goto(address)
    # the page opens this button when its handlers are wired and it knows of no running interview
    expect(visitor.button("Start the interview")).to_be_enabled()
    return visitor


def is_unload(fault: str) -> bool:
    """Gradio's client aborts its own event stream when the page is left, and at times is heard doing so."""
    return fault.startswith("AbortError: signal is aborted without reason")


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", "about:"))


def start(visitor: Visitor) -> None:
    visitor.button("Start the interview").click()
    expect(visitor.said).to_have_count(1)
    visitor.wait_for_turn()


def test_a_whole_interview(browser: Browser, address: str, tmp_path: Path) -> None:
    visitor = visit(browser, address)
    page = visitor.page
    page.get_by_label("What would you like to practise?").fill("online features differ from the training ones")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Drill 9")
    start(visitor)
    expect(visitor.said.first).to_contain_text("offline evaluation looks strong")
    expect(page.locator("#clock")).to_have_text(re.compile(r"2\d:\d\d"))

    visitor.reply(ANSWER)
    expect(page.locator('#chat [data-testid="user"]')).to_contain_text("compare the feature values")
    shown = visitor.said.count()
    visitor.button("Hint").click()
    expect(visitor.said).to_have_count(shown + 1)
    visitor.wait_for_turn()

    page.reload()
    expect(visitor.said).to_have_count(shown + 1)
    visitor.wait_for_turn()
    expect(page.locator('#chat [data-testid="user"]')).to_have_count(1)

    visitor.button("Finish").click()
    expect(page.get_by_text("how did you do?")).to_be_visible()
    page.get_by_role("radio", name="4").first.check()
    visitor.button("Show my report").click()
    report = page.frame_locator("#report")
    expect(report.get_by_role("heading", name="Online And Offline Features Do Not Match")).to_be_visible()
    expect(report.get_by_text("own rating 4").first).to_be_visible()
    expect(report.get_by_text("no verdict on hiring")).to_be_attached()

    with page.expect_download() as saved:
        page.get_by_role("link", name="Scorecard (JSON)").click()
    saved.value.save_as(tmp_path / "card.json")
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card["scenario"] == 9
    quotes = [quote for one in card["competencies"] for row in one["criteria"] for quote in row["quotes"]]
    assert all(quote["text"] in ANSWER for quote in quotes)

    visitor.button("Practise another drill").click()
    expect(visitor.button("Start the interview")).to_be_visible()
    page.get_by_text("Past interviews").click()
    expect(page.locator("table.past")).to_contain_text("Online And Offline Features Do Not Match")
    assert visitor.faults == []


def test_an_interview_that_was_left_waits(browser: Browser, address: str) -> None:
    visitor = visit(browser, address)
    start(visitor)
    visitor.reply("I would look at the predictions before and after the release.")
    shown = visitor.said.count()
    visitor.button("Pause and leave").click()
    expect(visitor.page.get_by_text("An interview is waiting")).to_be_visible()
    visitor.button("Resume it").click()
    expect(visitor.answer).to_be_visible()
    visitor.wait_for_turn()
    assert visitor.said.count() >= shown
    assert visitor.faults == []


def test_a_topic_that_no_drill_fits(browser: Browser, address: str) -> None:
    visitor = visit(browser, address)
    visitor.page.get_by_label("What would you like to practise?").fill("how do I bake sourdough bread at home")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".notice")).to_contain_text("No drill fits")


def test_markup_in_an_answer_is_shown_as_text(browser: Browser, address: str) -> None:
    visitor = visit(browser, address)
    start(visitor)
    visitor.reply(HOSTILE)
    expect(visitor.page.locator('#chat [data-testid="user"]')).to_contain_text("<img src=")
    assert visitor.page.locator("#chat img[src*='x.png']").count() == 0
    assert visitor.page.title() != "owned"
    assert visitor.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_width_needs_no_sideways_scrolling(browser: Browser, address: str, scheme: str) -> None:
    visitor = visit(browser, address, width=390, scheme=scheme)
    assert visitor.fits()
    start(visitor)
    assert visitor.fits()
    visitor.button("Finish").click()
    expect(visitor.page.get_by_text("how did you do?")).to_be_visible()
    visitor.button("Show my report").click()
    expect(visitor.page.locator("#report")).to_be_visible()
    assert visitor.fits()
    assert visitor.faults == []


def test_the_status_of_the_service(browser: Browser, address: str) -> None:
    visitor = visit(browser, address)
    visitor.button("Status of the service").click()
    rows = visitor.page.locator("#service")
    expect(rows).to_contain_text("offline, embedded", timeout=PATIENCE_MS)
    expect(rows).to_contain_text("fresh")
    expect(rows).to_contain_text("canary found")
    expect(rows).to_contain_text("the index of the corpus")
    assert visitor.faults == []


def test_what_the_judge_is_unsure_of_is_asked_back(browser: Browser, address: str) -> None:
    visitor = visit(browser, address, width=390)
    page = visitor.page
    start(visitor)
    visitor.reply(f"{HOSTILE} {ANSWER}")
    visitor.button("Finish").click()
    visitor.button("Show my report").click()
    report = page.frame_locator("#report")
    expect(report.get_by_text("until settled").first).to_be_attached()
    expect(page.get_by_role("heading", name="Did you mean this?")).to_be_visible()
    total = page.locator("#total")
    before = opened(total)
    assert visitor.fits()

    yes, no = (page.get_by_role("radio", name=name) for name in ("Yes, that is what I meant", "No"))
    yes.first.check()
    no.nth(1).check()
    visitor.button("Update my report").click()
    expect(total).not_to_have_text(before[0])
    assert opened(total)[1] == before[1] - 2
    expect(report.get_by_text("2 settled by the candidate")).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)

    page.reload()
    expect(report.get_by_text("2 settled by the candidate")).to_be_visible()
    assert opened(total)[1] == before[1] - 2
    visitor.button("Practise another drill").click()
    expect(visitor.button("Start the interview")).to_be_enabled()
    assert visitor.page.title() != "owned"
    assert visitor.faults == []


def opened(total: Locator) -> tuple[str, int]:
    """The line with the total, and how many verdicts it says are open."""
    text = total.inner_text()
    found = re.search(r"(\d+) open", text)
    return text, int(found[1]) if found else 0
