"""The lobby on the page with a model: the real command, a real port, a real Chromium, the loopback endpoint."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.modelled import PATIENCE_MS, modelled_page
from tests.wire.server import LoopbackModel, loopback

AGREED = 'CALL start_interview {"scenario": 9, "mode": "coach", "level": "staff", "minutes": 20}'


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackModel]:
    with loopback("Retrieval, then. <img src=x> As which level?") as running:
        yield running


@pytest.fixture(scope="module")
def page(server: LoopbackModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The lobby of a running app whose model is the loopback."""
    with modelled_page(server, tmp_path_factory.mktemp("data")) as opened:
        yield opened


def say(page: Page, words: str, answer: str) -> None:
    """Type into the box of the lobby and wait for what is answered."""
    box = page.get_by_label("What would you like to practise?")
    box.fill(words)
    box.press("Enter")
    expect(page.locator(".notice").filter(has_text=answer)).to_be_visible(timeout=PATIENCE_MS)


def test_the_lobby_talks_selects_the_drill_and_start_begins_it(page: Page, server: LoopbackModel) -> None:
    say(page, "our bot makes things up", "As which level?")
    assert page.locator(".notice img").count() == 0
    expect(page.get_by_label("What would you like to practise?")).to_have_value("")

    server.faults = ["401"]
    say(page, "scenario 4", "The model did not answer")
    expect(page.get_by_role("combobox", name="Drill")).to_have_value(re.compile(r"^4\."))

    server.faults = []
    server.answer = lambda request: AGREED if request.get("tools") else "What do you look at first?"
    say(page, "the bot, as staff, with coaching, 20 minutes", "we take drill 9")
    asked = [one["content"] for one in server.requests[-1]["messages"] if one["role"] == "user"]
    assert asked[0] == "our bot makes things up"
    expect(page.get_by_role("combobox", name="Drill")).to_have_value(re.compile(r"^9\."))

    page.get_by_role("button", name="Start the interview").click()
    status = page.locator("#status")
    expect(status).to_contain_text("9.", timeout=PATIENCE_MS)
    expect(status).to_contain_text("coach, staff")
