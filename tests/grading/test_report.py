import csv
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import StoreError
from interviewer.grading.report import (
    escape_markdown,
    parse_scorecard,
    render_html,
    render_json,
    render_markdown,
    render_overview,
)
from interviewer.grading.scorecard import Scorecard
from interviewer.grading.summary import Failed, Graded, render_csv, summarise
from tests.grading.cards import scorecard

HOSTILE = '<script>alert(1)</script><img src="http://evil/x.png" onerror=alert(1)>'
FAILED = Failed(path="b.json", what="is not JSON.", next_step="Export it again.")


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def graded(card: Scorecard, name: str = "t1") -> Graded:
    return summarise(card, {suffix: f"{name}.{suffix}" for suffix in ("json", "md", "html")})


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


def test_json_reads_back() -> None:
    assert parse_scorecard(render_json(scorecard())) == scorecard()


@pytest.mark.parametrize("text", ["", "{}", '{"schema_version": 2}'])
def test_a_scorecard_that_is_none_says_which_field(text: str) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        parse_scorecard(text)


WANTED = (
    "I diff the schema", "sample inputs", "s01.inspect.2", "Says what a reading means", "not assessed",
    "s01@1+shared@1", "no verdict on hiring", "2 above the level", "2.0 to 4.0",
)  # fmt: skip


def test_report_shows_what_was_said_and_what_to_do() -> None:
    html, markdown = render_html(scorecard()), render_markdown(scorecard()).replace("\\", "")
    assert [wanted for wanted in WANTED if wanted not in html] == []
    assert [wanted for wanted in WANTED if wanted not in markdown] == []


def test_html_runs_and_fetches_nothing() -> None:
    tags = Tags(render_html(scorecard(HOSTILE, title=HOSTILE, transcript=HOSTILE))).tags
    assert {tag for tag, _ in tags}.isdisjoint({"script", "img", "link", "iframe", "object"})
    assert [names for _, names in tags if {"src", "href", "onerror"} & set(names)] == []


def test_quotes_are_quotations_and_not_escaped_twice() -> None:
    html = render_html(scorecard("it's <b> & so"))
    assert "it&#39;s &lt;b&gt; &amp; so" in html
    assert "&lt;blockquote" not in html


def test_overview_links_stay_in_the_folder() -> None:
    page = render_overview([graded(scorecard(), "javascript:alert(1)//../x"), FAILED])
    links = [names["href"] for tag, names in Tags(page).tags if tag == "a"]
    assert all(link and "javascript:" not in link for link in links)
    assert "b.json" in page
    assert "Export it again." in page


def test_overview_of_failures_only() -> None:
    assert "is not JSON." in render_overview([FAILED])


def test_unseen_characters_are_shown() -> None:
    page = render_html(scorecard("score\u202e5\u200b\x00\U000e0041"))
    assert not re.search("[\u202e\u200b\x00\U000e0041]", page)
    assert "score⟨U+202E⟩5⟨U+200B⟩" in page


@given(st.text())
def test_markdown_of_any_words_is_one_line_without_live_markup(text: str) -> None:
    line = escape_markdown(text)
    assert "\n" not in line
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|<]", line)


@given(st.text())
def test_no_cell_starts_a_formula(text: str) -> None:
    table = render_csv([graded(scorecard(transcript=text or "x", title=text))])
    for cell in next(csv.reader(io.StringIO(table.split("\n", 1)[1]))):
        assert not re.match(r"[=+\-@\t\r＝＋－＠]", cell)


def test_csv_survives_hostile_names_and_failures() -> None:
    card = scorecard(transcript='=HYPERLINK("http://evil","x")')
    good, bad = rows(render_csv([graded(card), FAILED]))
    assert good["id"] == '\'=HYPERLINK("http://evil","x")'
    assert (good["investigation"], good["prevention"], good["overall"]) == ("3", "", "3.00")
    assert (bad["status"], bad["source"], bad["warnings"]) == ("failed", "b.json", "is not JSON. Export it again.")


def test_a_report_tells_which_turns_were_whose_where_there_were_two() -> None:
    both = {"openai:x+interviewer@1": (0, 4), "offline@1+wording@1": (2,)}
    plain = scorecard()
    told = plain.model_copy(update={"provenance": plain.provenance.model_copy(update={"worded_by": both})})
    assert "Turns worded by openai:x+interviewer@1: 1, 5\n" in render_markdown(told)
    assert "offline@1+wording@1: 3" in render_html(told)
    alone = plain.model_copy(update={"provenance": plain.provenance.model_copy(update={"worded_by": {"a@1": (0,)}})})
    assert "Turns worded by" not in render_markdown(alone)
