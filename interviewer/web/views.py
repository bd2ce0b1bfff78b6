"""What the page shows, as HTML and message lists. Everything that a person typed is escaped."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from interviewer.grading.selfcheck import SelfCheck
from interviewer.interview.state import SessionState
from interviewer.scenario import Scenario
from interviewer.store import SessionSummary
from interviewer.transcript import Transcript
from interviewer.verdict import Label

TITLE = """<h1>Mock interviewer</h1>
<p>MLOps incident drills in writing: you answer, the interviewer follows up, the report quotes you.</p>"""
MODES = [("Real: all feedback at the end", "real"), ("Coach: help on the way", "coach")]
LEVELS = [("Mid", "mid"), ("Senior", "senior"), ("Staff", "staff")]
MINUTES = [15, 30, 45, 60]
PHASES = {"interview": "Interview", "wrap_up": "Wrapping up", "self_rating": "Self-rating", "done": "Debrief"}
RATING_INTRO = """<div class="card"><h2>Before you see the report: how did you do?</h2>
<p>From 1 (hardly) to 5 (as well as it can be done). Leave out what you cannot say. Comparing this with the report is
where most people learn something.</p>
</div>"""

CHECK_LABELS: list[tuple[str, Label]] = [
    ("Yes, that is what I meant", "met"),
    ("Partly", "partial"),
    ("No", "not_met"),
]


def status_table(rows: Sequence[tuple[str, str]]) -> str:
    """How the service stands, as a table."""
    cells = "".join(f"<tr><th>{escape(what)}</th><td>{escape(how)}</td></tr>" for what, how in rows)
    return f'<table class="past" id="service">{cells}</table>'


def heading(engine: str) -> str:
    """The head of the page; with a model it says where the answers go."""
    if engine == "offline":
        return TITLE
    return f"{TITLE}\n<p>Interviewer and judge: {escape(engine)}. What you type is sent there and nowhere else.</p>"


def drill_choices(scenarios: Sequence[Scenario]) -> list[tuple[str, int]]:
    """(label, number) of every drill."""
    return [(f"{scenario.number}. {scenario.title}", scenario.number) for scenario in scenarios]


def notice(text: str, *, bad: bool = False) -> str:
    """A line that says what happened; empty for no text."""
    return f'<div class="notice{" bad" if bad else ""}" role="status">{escape(text)}</div>' if text else ""


def resume_card(summary: SessionSummary | None) -> str:
    """An offer to go on with an interview that was left."""
    if summary is None:
        return ""
    return (
        f'<div class="card"><h2>An interview is waiting</h2><p>Drill {summary.scenario}: {escape(summary.title)}, '
        f"{_turns(summary.turns)} so far. Nothing of it was lost.</p></div>"
    )


def past_table(summaries: Sequence[SessionSummary]) -> str:
    """The latest finished interviews, newest first."""
    if not summaries:
        return ""
    rows = "".join(
        f"<tr><td>{_day(one.started_at)}</td><td>{one.scenario}. {escape(one.title)}</td><td>{one.level}</td>"
        f"<td>{one.turns}</td><td>{'-' if one.overall is None else f'{one.overall:.1f}'}</td></tr>"
        for one in summaries
    )
    head = "<tr><th>Date</th><th>Drill</th><th>Level</th><th>Answers</th><th>Result (1-5)</th></tr>"
    return f'<details><summary>Past interviews</summary><table class="past">{head}{rows}</table></details>'


def status_line(state: SessionState, ends_at: float, engine: str) -> str:
    """Phase, drill, mode, who words the questions, and the clock that the browser keeps going.

    `ends_at` in seconds since the epoch; `engine` as the desk says it, replaced where the last words were offline.
    """
    speaks = "offline" if state.trouble and not state.sayings[-1].interrupted else engine
    return (
        f'<div id="status"><span class="chip phase">{PHASES[state.phase]}</span>'
        f"<strong>{state.scenario}. {escape(state.title)}</strong>"
        f'<span class="chip">{state.mode}, {state.level}</span>'
        f'<span class="chip" id="engine" title="Who words the questions">{escape(speaks)}</span>'
        f'<span class="chip" id="clock" role="timer" aria-label="Time left" data-ends-at="{ends_at * 1000:.0f}"></span>'
        "</div>"
    )


def chat_messages(transcript: Transcript, saying: str | None = None) -> list[dict[str, str]]:
    """The conversation for display; `saying` is the part of the interviewer's turn that has arrived."""
    roles = {"interviewer": "assistant", "candidate": "user"}
    # the chat of Gradio takes text for HTML even where it is told not to read Markdown, so an image would be fetched
    messages = [{"role": roles[turn.role], "content": escape(turn.text, quote=False)} for turn in transcript.turns]
    if saying is not None:
        messages.append({"role": "assistant", "content": escape(saying, quote=False) or "..."})
    return messages


def framed(document: str) -> str:
    """A whole HTML document inside the page, in a frame of its own without scripts."""
    return f'<iframe id="report" title="Report" sandbox="allow-popups" srcdoc="{escape(document)}"></iframe>'


def download_links(files: Sequence[tuple[str, str, str]]) -> str:
    """Links that save (label, file name, text) without a file on the server."""
    kinds = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
    links = ""
    for label, name, text in files:
        data = f"data:{kinds[name.rsplit('.', 1)[-1]]};base64,{base64.b64encode(text.encode()).decode()}"
        links += f'<a class="chip" download="{escape(name)}" href="{data}">{escape(label)}</a>'
    return f'<p class="downloads">Save: {links}</p>'


def checks_intro(total: str) -> str:
    """What the open questions are for; `total` is the line with the range."""
    return (
        '<div class="card"><h2>Did you mean this?</h2><p>The judge is not sure of some verdicts. Say what you meant: '
        "your answers are recorded as yours, and the range closes. Skip what you like.</p>"
        f'<p role="status" id="total"><strong>{escape(total)}</strong></p></div>'
    )


def check_words(check: SelfCheck) -> str:
    """The candidate's words nearest to a criterion, which itself stands above the choices."""
    if check.nearest is None:
        return "<p>Nothing that you said came near this:</p>"
    return f"<p>You said</p><blockquote>“{escape(check.nearest.text)}”</blockquote>"


def check_choices(check: SelfCheck) -> list[tuple[str, str]]:
    """(label, value) to choose from; a value names its criterion, so that it cannot count for another one."""
    return [(words, f"{label} {check.criterion}") for words, label in CHECK_LABELS]


def parse_choice(value: str) -> tuple[str, Label]:
    """(criterion, label) of a value that `check_choices` gave."""
    said, _, criterion = value.partition(" ")
    return criterion, next(label for _, label in CHECK_LABELS if label == said)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _turns(count: int) -> str:
    return f"{count} answer" if count == 1 else f"{count} answers"
