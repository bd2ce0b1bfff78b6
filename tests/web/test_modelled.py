"""An interview on the page that a model speaks: it breaks off, says so, is asked again, and judges at the end."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.modelled import PATIENCE_MS, modelled_page
from tests.wire.server import Request, loopback, method_of

ANSWER = (
    "First I'd compare the feature values that were logged at request time with the ones the training job computes for"
    " the same user and the same second, and see which columns differ."
)
QUOTE = "compare the feature values that were logged at request time with the ones the training job computes"
QUESTION = "You would compare the logged values. <b>Which columns</b> come first?"


def answer(request: Request) -> str:
    last = request["messages"][-1]["content"]
    if not method_of(request):
        return "Offline it looked fine, live it does not." if "Open the interview" in last else QUESTION
    if "test of the connection" in last:
        return '{"ready": true}'
    form: dict[str, Any] = request["response_format"]["json_schema"]["schema"]
    if "points" in form["properties"]:
        return '{"points": []}'
    field = form["$defs"]["Finding"]["properties"]["criterion"]
    findings = []
    for name in field.get("enum") or [field["const"]]:
        found = name == "s09.inspect.1"
        evidence = [{"turn": 1, "quote": QUOTE}] if found else []
        verdict = "met" if found else "not_met"
        findings.append({"criterion": name, "evidence": evidence, "why": "So it reads.", "verdict": verdict})
    return json.dumps({"findings": findings})


def said(page: Page) -> Any:
    return page.locator('#chat [data-testid="bot"]')


def reply(page: Page, text: str) -> None:
    before = said(page).count()
    box = page.get_by_label("Your answer")
    box.fill(text)
    box.press("Enter")
    expect(said(page)).to_have_count(before + 1, timeout=PATIENCE_MS)
    expect(box).to_be_editable(timeout=PATIENCE_MS)


def test_a_model_interviews_breaks_off_is_asked_again_and_judges(tmp_path: Path) -> None:
    with loopback(answer) as server, modelled_page(server, tmp_path) as page:
        page.get_by_role("combobox", name="Drill").click()
        page.get_by_role("option", name=re.compile(r"^9\.")).click()
        page.get_by_role("button", name="Start the interview").click()
        expect(said(page)).to_have_count(1, timeout=PATIENCE_MS)
        expect(page.get_by_label("Your answer")).to_be_editable(timeout=PATIENCE_MS)
        expect(said(page).first).to_contain_text("Offline it looked fine, live it does not.")
        expect(page.locator("#engine")).to_contain_text("openai:stub")

        reply(page, ANSWER)
        expect(said(page).last).to_have_text(QUESTION)
        again = page.get_by_role("button", name="Let the model try again")
        expect(again).to_be_hidden()

        server.faults = ["500"]
        reply(page, "Then I would look at how old the values in the online store are when they are read.")
        expect(page.locator(".notice.bad")).to_contain_text("HTTP 500")
        expect(page.locator("#engine")).to_have_text("offline")
        expect(again).to_be_visible()

        server.faults = []
        again.click()
        expect(said(page).last).to_have_text(QUESTION, timeout=PATIENCE_MS)
        expect(said(page)).to_have_count(3)
        expect(again).to_be_hidden(timeout=PATIENCE_MS)

        page.get_by_role("button", name="Finish").click()
        page.get_by_role("button", name="Show my report").click()
        report = page.frame_locator("#report")
        expect(report.locator("body")).to_contain_text(QUOTE, timeout=PATIENCE_MS)
        expect(report.locator("body")).to_contain_text("openai:stub+judge@1")
