"""The page: lobby, interview, self-rating, report. The only door to Gradio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr
import typer

from interviewer.desk import Desk, Report
from interviewer.errors import InputError, InterviewerError
from interviewer.grading.report import parse_scorecard, total_of
from interviewer.grading.selfcheck import MOST_ASKED
from interviewer.interview.plan import Mode
from interviewer.interview.session import MAX_MESSAGE_CHARS, Session
from interviewer.lobby import Lobby
from interviewer.rubric import Grade
from interviewer.settings import Settings
from interviewer.store import SessionSummary
from interviewer.web import views
from interviewer.web.guards import USER, guards
from interviewer.wiring import open_desk, open_lobbies

STYLE = Path(__file__).with_name("style.css")
CLOCK = Path(__file__).with_name("clock.js")
# Only the id of a session is kept in the browser: the key that encrypts it is no secret, a constant survives restarts.
BROWSER_KEY = "interviewer-session"
PAST_SHOWN = 10
LOBBY_S = 4 * 3600
THEME = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])

Updates = dict[Any, Any]


class Page:
    """Builds the components and connects them to the desk.

    The conversation lives in the session store; the browser holds an opaque session id and what is on display.
    """

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self.settings = settings
        self.open_lobby = open_lobbies(settings, desk)
        with gr.Blocks(title="interviewer", analytics_enabled=False, delete_cache=(3600, 86400)) as self.blocks:
            self.session_id = gr.BrowserState("", storage_key=BROWSER_KEY, secret=BROWSER_KEY)
            # on this side alone: what was said in the lobby
            self.visitor = gr.State(None, time_to_live=LOBBY_S)
            self.lay_out()
            self.connect()

    # Layout

    def lay_out(self) -> None:
        gr.HTML(views.heading(self.desk.engine), elem_id="title")
        self.notice = gr.HTML("", elem_id="notice", visible=False)
        with gr.Column() as self.lobby:
            self.lay_out_lobby()
        with gr.Column(visible=False) as self.interview:
            self.lay_out_interview()
        with gr.Column(visible=False) as self.rating:
            self.lay_out_rating()
        with gr.Column(visible=False) as self.debrief:
            self.files = gr.HTML("")
            self.report = gr.HTML("")
            self.lay_out_checks()
            self.again = gr.Button("Practise another drill", variant="primary")

    def lay_out_lobby(self) -> None:
        self.resume_card = gr.HTML("", visible=False)
        self.resume = gr.Button("Resume it", variant="primary", visible=False)
        self.topic = gr.Textbox(
            label="What would you like to practise?",
            placeholder="Describe an incident or name a topic, then press Enter - or choose a drill below",
            lines=1,
            max_lines=4,
            submit_btn="Find a drill",
        )
        self.found = gr.HTML("", visible=False)
        self.drill = gr.Dropdown(views.drill_choices(self.desk.scenarios), value=1, label="Drill", interactive=True)
        minutes = self.settings.minutes
        with gr.Row():
            self.mode = gr.Radio(views.MODES, value=self.settings.mode, label="Mode", interactive=True)
            self.level = gr.Radio(views.LEVELS, value=self.settings.level, label="Level", interactive=True)
            self.minutes = gr.Radio(sorted({*views.MINUTES, minutes}), value=minutes, label="Minutes", interactive=True)
        # opens with the first answer of `open_page`, which would else put the lobby over an interview just begun
        self.start = gr.Button("Start the interview", variant="primary", size="lg", interactive=False)
        self.past = gr.HTML("", visible=False)
        with gr.Accordion("Status of the service", open=False) as self.service:
            self.service_rows = gr.HTML("")

    def lay_out_interview(self) -> None:
        self.status = gr.HTML("")
        self.chat = gr.Chatbot(
            show_label=False,
            elem_id="chat",
            render_markdown=False,
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            feedback_options=None,
            layout="bubble",
        )
        self.answer = gr.Textbox(
            label="Your answer",
            placeholder="Enter sends, Shift+Enter starts a new line",
            lines=1,
            max_lines=12,
            max_length=MAX_MESSAGE_CHARS,
            submit_btn="Send",
            autofocus=True,
        )
        with gr.Row():
            self.hint = gr.Button("Hint")
            self.retry = gr.Button("Let the model try again", visible=False)
            self.pause = gr.Button("Pause and leave")
            self.finish = gr.Button("Finish", variant="stop")

    def lay_out_rating(self) -> None:
        gr.HTML(views.RATING_INTRO)
        self.ratings = {
            identity: gr.Radio([1, 2, 3, 4, 5], label=title, interactive=True, elem_classes="rating")
            for identity, title in self.desk.competencies().items()
        }
        self.rated = gr.Button("Show my report", variant="primary")

    def lay_out_checks(self) -> None:
        self.checks_intro = gr.HTML("", visible=False)
        # each has what was said in HTML, which is escaped, and choices labelled with the criterion
        self.checks = [
            (
                gr.HTML("", visible=False, elem_classes="check"),
                gr.Radio([], visible=False, interactive=True, elem_classes="choices"),
            )
            for _ in range(MOST_ASKED)
        ]
        self.settle = gr.Button("Update my report", visible=False)

    # Events

    def connect(self) -> None:
        private: dict[str, Any] = {"api_visibility": "private"}
        turn = private | {"concurrency_id": "turn", "concurrency_limit": 16}
        shown = self.outputs()
        self.blocks.load(self.open_page, [self.session_id], shown, **private)
        # what the first search needs is opened while the visitor reads
        self.blocks.load(self.prepare, None, None, show_progress="hidden", **private)
        chosen = [self.found, self.topic, self.drill, self.mode, self.level, self.minutes, self.visitor]
        self.topic.submit(self.find_drill, [self.topic, self.visitor], chosen, **turn)
        choices = [self.drill, self.mode, self.level, self.minutes]
        self.service.expand(self.show_status, None, self.service_rows, **private)
        self.start.click(self.start_interview, choices, shown, **turn)
        self.resume.click(self.resume_interview, [self.session_id], shown, **turn)
        self.answer.submit(self.take_answer, [self.answer, self.session_id], shown, **turn)
        # read along while somebody types, one at a time: the latest draft of each page, and never all at once
        reading = private | {"trigger_mode": "always_last", "show_progress": "hidden", "concurrency_limit": 1}
        self.answer.input(self.read_along, [self.answer, self.session_id], None, **reading)
        self.hint.click(self.give_hint, [self.session_id], shown, **turn)
        self.retry.click(self.say_again, [self.session_id], shown, **turn)
        self.finish.click(self.end_interview, [self.session_id], shown, **turn)
        self.pause.click(self.leave, [self.session_id], shown, **private)
        self.rated.click(self.show_report, [self.session_id, *self.ratings.values()], shown, **turn)
        answers = [choices for _, choices in self.checks]
        self.settle.click(self.update_report, [self.session_id, *answers], shown, **turn)
        self.again.click(self.lobby_screen, None, shown, **private)

    def outputs(self) -> list[Any]:
        return [
            self.lobby, self.interview, self.rating, self.debrief, self.notice, self.session_id, self.resume_card,
            self.resume, self.start, self.past, self.status, self.chat, self.answer, self.hint, self.retry, self.pause,
            self.finish, self.report, self.files, self.checks_intro, self.settle, *sum(self.checks, ()),
        ]  # fmt: skip

    # What is shown

    def screen(self, shown: Any) -> Updates:
        screens = (self.lobby, self.interview, self.rating, self.debrief)
        return {part: gr.update(visible=part is shown) for part in screens}

    def lobby_screen(self, session_id: str = "", notice: Any = None) -> Updates:
        waiting = self.find_open(session_id)
        done = [one for one in self.desk.history() if one.status == "done"]
        return {
            **self.screen(self.lobby),
            self.notice: notice or told(" ".join(self.desk.notices)),
            self.resume_card: gr.update(value=views.resume_card(waiting), visible=waiting is not None),
            self.resume: gr.update(visible=waiting is not None),
            self.start: gr.update(interactive=True),
            self.past: gr.update(value=views.past_table(done[:PAST_SHOWN]), visible=bool(done)),
            self.session_id: session_id if waiting else "",
        }

    def interview_screen(self, session: Session, saying: str | None = None) -> Updates:
        """What the interview shows now; `saying` is the part of the interviewer's turn that has arrived so far."""
        state = session.state
        idle = gr.update(interactive=saying is None)
        trouble = state.trouble if saying is None else ""
        ends_at = time.time() + session.plan.minutes * 60 - session.elapsed_s()
        return {
            **self.screen(self.interview),
            self.notice: told(f"{trouble} The interview goes on offline." if trouble else "", bad=bool(trouble)),
            self.session_id: session.id,
            self.status: views.status_line(state, ends_at, self.desk.engine),
            self.chat: views.chat_messages(state.transcript, saying),
            self.answer: gr.update(value="", interactive=saying is None),
            self.hint: idle,
            self.retry: gr.update(visible=saying is None and session.can_retry),
            self.finish: idle,
            self.pause: idle,
        }

    def report_screen(self, session_id: str) -> Updates:
        report = self.desk.grade(session_id)
        files = [
            ("Report (HTML)", f"{session_id}.html", report.html),
            ("Report (Markdown)", f"{session_id}.md", report.markdown),
            ("Scorecard (JSON)", f"{session_id}.json", report.scorecard_json),
        ]
        return {
            **self.screen(self.debrief),
            self.notice: told(),
            self.session_id: session_id,
            self.report: views.framed(report.html),
            self.files: views.download_links(files),
            **self.checks_shown(session_id, report),
        }

    def checks_shown(self, session_id: str, report: Report) -> Updates:
        """The next open questions, as many as there is room for."""
        try:
            checks = self.desk.self_checks(session_id)
        except InputError:  # an old report by another rubric: it can be read, not settled
            checks = ()
        intro = views.checks_intro(total_of(parse_scorecard(report.scorecard_json))) if checks else ""
        updates: Updates = {
            self.checks_intro: gr.update(value=intro, visible=bool(checks)),
            self.settle: gr.update(visible=bool(checks)),
        }
        for number, (words, choices) in enumerate(self.checks):
            check = checks[number] if number < len(checks) else None
            updates[words] = gr.update(value=views.check_words(check) if check else "", visible=check is not None)
            offered, label = (views.check_choices(check), check.statement) if check else ([], "")
            updates[choices] = gr.update(choices=offered, label=label, value=None, visible=check is not None)
        return updates

    def current_screen(self, session: Session) -> Updates:
        """The screen that belongs to the phase the session is in."""
        phase = session.state.phase
        if phase == "done":
            return self.report_screen(session.id)
        if phase == "self_rating":
            return {**self.interview_screen(session), **self.screen(self.rating)}
        return self.interview_screen(session)

    def find_session(self, session_id: str) -> SessionSummary | None:
        """The session of this browser."""
        try:
            return self.desk.summary(session_id) if session_id else None
        except InterviewerError:  # deleted meanwhile, or an id that is not ours
            return None

    def find_open(self, session_id: str) -> SessionSummary | None:
        """The session of this browser, when it can be gone on with."""
        summary = self.find_session(session_id)
        return summary if summary and summary.status != "done" else None

    # Handlers

    def open_page(self, session_id: str) -> Updates:
        """After a (re)load: the interview as it runs, or its report until another drill is wanted."""
        summary = self.find_session(session_id)
        if summary is None:
            return self.lobby_screen()
        try:
            if summary.status == "done":
                return self.report_screen(session_id)
            return self.current_screen(self.desk.resume(session_id))
        except InterviewerError as error:
            return self.lobby_screen(notice=told(str(error), bad=True))

    def prepare(self) -> None:
        self.open_lobby().prepare()

    def find_drill(self, topic: str, lobby: Lobby | None) -> Updates:
        """What the lobby says to some words; the drill that it chose or proposes is selected, Start begins it."""
        if not topic.strip():
            return {self.found: told("Write a few words about what you would like to practise.")}
        lobby = lobby or self.open_lobby()
        try:
            reply = lobby.say(topic)
        except InterviewerError as error:
            return {self.found: told(str(error), bad=True), self.visitor: lobby}
        ready = " Press “Start the interview”." if reply.scenario and reply.by == "model" else ""
        terms = {self.drill: reply.scenario, self.mode: reply.mode, self.level: reply.level}
        updates: Updates = {part: value for part, value in terms.items() if value is not None}
        if reply.minutes:
            minutes = sorted({*views.MINUTES, self.settings.minutes, reply.minutes})
            updates[self.minutes] = gr.update(choices=minutes, value=reply.minutes)
        if reply.by == "model":
            updates[self.topic] = ""
        text = f"{reply.notice} {reply.text}{ready}".strip()
        return {**updates, self.found: told(text, bad=bool(reply.notice)), self.visitor: lobby}

    def show_status(self) -> str:
        return views.status_table(self.desk.status())

    def start_interview(self, drill: int, mode: Mode, level: Grade, minutes: int) -> Iterator[Updates]:
        yield from self.guarded(lambda: self.desk.start(int(drill), mode=mode, level=level, minutes=minutes))

    def resume_interview(self, session_id: str) -> Iterator[Updates]:
        yield from self.guarded(lambda: self.desk.resume(session_id))

    def guarded(self, open_session: Callable[[], Session]) -> Iterator[Updates]:
        try:
            yield from self.speak(open_session(), lambda session: session.reply())
        except InterviewerError as error:
            yield {**self.lobby_screen(), self.notice: told(str(error), bad=True)}

    def take_answer(self, text: str, session_id: str) -> Iterator[Updates]:
        key = uuid4().hex
        yield from self.act(session_id, lambda session: session.answer(text, key))

    def read_along(self, draft: str, session_id: str) -> None:
        if session_id and draft.rstrip().endswith((".", "?", "!", ";", ":")):
            self.desk.open(session_id).read_ahead(draft)

    def give_hint(self, session_id: str) -> Iterator[Updates]:
        yield from self.act(session_id, lambda session: session.hint())

    def say_again(self, session_id: str) -> Iterator[Updates]:
        yield from self.act(session_id, lambda session: session.retry())

    def end_interview(self, session_id: str) -> Iterator[Updates]:
        yield from self.act(session_id, lambda session: session.finish())

    def act(self, session_id: str, step: Callable[[Session], Iterator[str]]) -> Iterator[Updates]:
        """One step of the interview; what goes wrong is said above the chat and the typed text stays where it is."""
        try:
            yield from self.speak(self.desk.open(session_id), step)
        except InterviewerError as error:
            yield {self.notice: told(str(error), bad=True)}

    def speak(self, session: Session, step: Callable[[Session], Iterator[str]]) -> Iterator[Updates]:
        """Stream the interviewer's words, then show the screen of the phase reached."""
        said = ""
        pieces = step(session)
        yield self.interview_screen(session, said)
        for piece in pieces:
            said += piece
            yield {self.chat: views.chat_messages(session.state.transcript, said)}
        yield self.current_screen(session)

    def leave(self, session_id: str) -> Updates:
        if session_id:
            self.desk.open(session_id).pause()
        return self.lobby_screen(session_id, told("Paused. The clock stands still until you resume."))

    def show_report(self, session_id: str, *ratings: int | None) -> Updates:
        rated = {str(name): value for name, value in zip(self.ratings, ratings, strict=True) if value}
        try:
            session = self.desk.open(session_id)
            if session.state.phase == "self_rating":
                tuple(session.rate_self(rated))
            return self.report_screen(session_id)
        except InterviewerError as error:
            return {self.notice: told(str(error), bad=True)}

    def update_report(self, session_id: str, *answers: str | None) -> Updates:
        """What was answered counts as the candidate's word; what was skipped stays open."""
        said = dict(views.parse_choice(one) for one in answers if one)
        try:
            if said:
                self.desk.settle(session_id, said, "candidate")
            return self.report_screen(session_id)
        except InterviewerError as error:
            return {self.notice: told(str(error), bad=True)}


def told(text: str = "", *, bad: bool = False) -> Any:
    """A line of notice; none without text."""
    return gr.update(value=views.notice(text, bad=bad), visible=bool(text))


def launch(settings: Settings) -> None:
    """Serve the page and block until interrupted."""
    page = Page(open_desk(settings), settings)
    password = settings.app_password
    address = f"http://{settings.host}:{settings.port}"
    page.blocks.queue(default_concurrency_limit=16, max_size=64)
    page.blocks.launch(
        server_name=settings.host,
        server_port=settings.port,
        auth=(USER, password.get_secret_value()) if password else None,
        theme=THEME,
        css=STYLE.read_text(encoding="utf-8"),
        js=CLOCK.read_text(encoding="utf-8"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        share=False,
        pwa=False,
        show_error=True,
        quiet=True,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size="1mb",
        app_kwargs={"middleware": guards(settings)},
        prevent_thread_lock=True,
    )
    typer.echo(f"The interviewer is at {address} (Ctrl-C stops it; interviews are saved).")
    page.blocks.block_thread()
