from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.selfcheck import SelfCheck
from interviewer.store import SessionSummary
from interviewer.transcript import Quote, Transcript, Turn
from interviewer.web import views

HOSTILE = '<script>alert(1)</script><img src=x onerror="a()">'


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def summary(title: str = "A drill", overall: float | None = 3.25) -> SessionSummary:
    return SessionSummary(
        id="a" * 32,
        started_at=0.0,
        changed_at=1.0,
        scenario=1,
        title=title,
        mode="real",
        level="senior",
        minutes=30,
        status="done",
        turns=1,
        graded=overall is not None,
        overall=overall,
    )


@given(st.text())
def test_what_was_said_stays_text(text: str) -> None:
    turns = (Turn(role="interviewer", text="Q"), Turn(role="candidate", text=text))
    shown = views.chat_messages(Transcript(id="t", turns=turns), text)
    assert [one["role"] for one in shown] == ["assistant", "user", "assistant"]
    assert all("<" not in one["content"] for one in shown)


def test_hostile_titles_and_notices_bring_no_tags() -> None:
    assert "script" not in Tags(views.past_table([summary(HOSTILE)])).found
    assert "img" not in Tags(views.resume_card(summary(HOSTILE))).found
    assert Tags(views.notice(HOSTILE, bad=True)).found == ["div"]


def test_the_report_is_framed_without_scripts() -> None:
    frame = views.framed('<!doctype html><p title="a">x</p>')
    assert Tags(frame).found == ["iframe"]
    assert 'sandbox="allow-popups"' in frame


def test_downloads_carry_the_whole_text() -> None:
    links = views.download_links([("Report", "a.md", "# ü")])
    assert "data:text/markdown;base64,IyDDvA==" in links


def test_an_ungraded_interview_shows_a_dash() -> None:
    assert "<td>-</td>" in views.past_table([summary(overall=None)])


def test_nothing_said_shows_nothing() -> None:
    assert views.notice("") == views.past_table([]) == views.resume_card(None) == ""


def check(words: str) -> SelfCheck:
    quote = Quote(turn=1, start=0, end=len(words), text=words) if words else None
    return SelfCheck(criterion="s09.inspect.1", statement="Reads the logs.", leaning="partial", nearest=quote)


def test_what_is_asked_back_brings_no_tags_of_its_own() -> None:
    assert Tags(views.check_words(check(HOSTILE))).found == ["p", "blockquote"]
    assert "came near" in views.check_words(check(""))
    assert "script" not in Tags(views.checks_intro(HOSTILE)).found


def test_a_choice_names_its_criterion() -> None:
    choices = views.check_choices(check("x"))
    assert [views.parse_choice(value) for _, value in choices] == [
        ("s09.inspect.1", "met"),
        ("s09.inspect.1", "partial"),
        ("s09.inspect.1", "not_met"),
    ]
