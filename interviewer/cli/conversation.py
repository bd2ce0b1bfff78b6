"""An interview at the terminal: lobby, questions, self-rating, report."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Literal

import typer

from interviewer.cli.asking import ask_back
from interviewer.cli.terminal import Terminal
from interviewer.desk import Desk
from interviewer.errors import InputError, PhaseError
from interviewer.grading.report import parse_scorecard, total_of
from interviewer.grading.selfcheck import MOST_ASKED
from interviewer.interview.read_ahead import Drafts
from interviewer.interview.session import Session
from interviewer.rubric import CompetencyId
from interviewer.scenario import Scenario

HELP = """\
/hint    a hint on the open question; what you reach after it counts for less
/repeat  hear the open question again
/time    time left
/pause   stop the clock until you type again
/retry   have the last message said again, after the model broke off
/finish  end the interview and go to the self-rating
/quit    save and leave; --resume goes on later
/help    this list
Everything else is your answer. Lines that begin with // are answers that begin with /."""

After = Literal["stay", "leave"]


def choose_scenario(desk: Desk, terminal: Terminal, topic: str) -> Scenario | None:
    """The drill to practise: by topic, else by asking; None when the input ends first.

    Raises:
        InputError: the topic fits nothing and nobody can be asked.
    """
    while True:
        if not topic:
            topic = _ask_topic(desk, terminal) or ""
        if not topic:
            return None
        found = desk.find_scenarios(topic)
        if found and (topic.isdecimal() or is_agreed(terminal, found[0])):
            return found[0]
        if not found:
            if not terminal.is_live:
                raise InputError(f"No drill fits “{topic}”.", next_step="`interviewer drills` lists them.")
            typer.echo(f"No drill fits “{topic}”.", err=True)
        topic = ""


def _ask_topic(desk: Desk, terminal: Terminal) -> str | None:
    typer.echo("What would you like to practise? A number, or a few words:")
    for scenario in desk.scenarios:
        typer.echo(f"  {scenario.number:>2}  {scenario.title}")
    while (topic := terminal.read("> ")) is not None:
        if topic:
            return topic
    return None


def is_agreed(terminal: Terminal, scenario: Scenario) -> bool:
    """Whether this is what was meant; in a pipe nobody is asked, and whoever gave a number has chosen."""
    typer.echo(f"Scenario {scenario.number}: {scenario.title}")
    if not terminal.is_live:
        return True
    return (terminal.read("Start with this one? [Y/n] ") or "").lower() not in ("n", "no")


class Conversation:
    """Plays one session at a terminal until it is over or the candidate leaves; everything said is saved as it goes."""

    def __init__(self, desk: Desk, terminal: Terminal, session: Session) -> None:
        self._desk, self._terminal, self._session = desk, terminal, session
        self._commands: dict[str, Callable[[], After]] = {
            "/hint": self._hint,
            "/repeat": self._repeat,
            "/time": self._time,
            "/pause": self._pause,
            "/retry": self._retry,
            "/finish": self._finish,
            "/quit": self._quit,
            "/help": self._help,
        }

    def run(self) -> None:
        """Play on from wherever the session stands. Ctrl-C, the end of input and `/quit` pause and save."""
        try:
            if self._play() == "stay":
                self._close()
        except KeyboardInterrupt:
            self._quit()

    def _play(self) -> After:
        self._open()
        while self._session.state.phase in ("interview", "wrap_up"):
            entry = self._terminal.read("you> ", self._clock, Drafts(self._session.read_ahead).show)
            if (self._quit() if entry is None else self._take(entry)) == "leave":
                return "leave"
        return "stay"

    def _open(self) -> None:
        """The brief, or after resuming what was said last and whatever reply is owed."""
        turns, phase = self._session.state.transcript.turns, self._session.state.phase
        if turns and phase != "done":
            typer.echo(f"Resumed. {self._clock()}\n")
            asked = [turn.text for turn in turns if turn.role == "interviewer"]
            self._say(asked[-1:] if not self._session.state.pending else [])
        self._say(self._session.reply())

    def _take(self, entry: str) -> After:
        word = entry.split(maxsplit=1)[0].lower() if entry else ""
        if word in self._commands:
            return self._commands[word]()
        if word.startswith("/") and not word.startswith("//"):
            typer.echo(f"There is no command {word}; /help lists them. Begin with // to answer with a slash.", err=True)
        elif entry:
            self._answer(entry.removeprefix("/") if word.startswith("//") else entry)
        return "stay"

    def _answer(self, text: str) -> None:
        key = f"terminal-{len(self._session.state.transcript.turns)}"
        try:
            self._say(self._session.answer(text, key))
        except InputError as error:
            typer.echo(str(error), err=True)

    def _say(self, pieces: Iterable[str]) -> None:
        rest = iter(pieces)
        if (first := next(rest, None)) is not None:
            self._terminal.write(chain([first], rest))
            self._tell_trouble()

    def _tell_trouble(self) -> None:
        """Say so when the model did not word, or finish, what was just said."""
        if trouble := self._session.state.trouble:
            typer.echo(f"note: {trouble}", err=True)
            if self._session.can_retry:
                typer.echo("note: the interview goes on offline; /retry lets the model try again.", err=True)

    def _retry(self) -> After:
        try:
            self._say(self._session.retry())
        except PhaseError as error:
            typer.echo(str(error), err=True)
        return "stay"

    def _hint(self) -> After:
        try:
            self._say(self._session.hint())
        except PhaseError:
            typer.echo("No question is open any more, so there is no hint.", err=True)
        return "stay"

    def _repeat(self) -> After:
        if self._session.state.phase == "interview":
            self._answer("Could you repeat the question?")
        return "stay"

    def _time(self) -> After:
        typer.echo(self._clock())
        return "stay"

    def _pause(self) -> After:
        self._session.pause()
        typer.echo("The clock stands still until you type again.")
        return "stay"

    def _finish(self) -> After:
        self._say(self._session.finish())
        return "stay"

    def _quit(self) -> After:
        self._session.pause()
        typer.echo(f"Paused and saved. Go on with: interviewer talk --resume {self._session.id[:12]}")
        return "leave"

    def _help(self) -> After:
        typer.echo(HELP)
        return "stay"

    def _clock(self) -> str:
        state, left = self._session.state, int(self._session.remaining_s())
        used = f"question {state.questions} of at most {self._session.plan.question_budget}"
        clock = "paused" if state.paused else f"{left // 60}:{left % 60:02d} left"
        return f"{clock} · {used} · /help"

    def _close(self) -> None:
        if self._session.state.phase == "self_rating":
            self._say(self._session.rate_self(ask_ratings(self._terminal, self._desk.competencies())))
        self._terminal.show_markdown(self._desk.grade(self._session.id).markdown)
        typer.echo(f"Saved. `interviewer history show {self._session.id[:12]}` shows it again.")
        self._check()

    def _check(self) -> None:
        """Offer what the judge is unsure of; in a pipe only say where it is asked: the next line may be anything."""
        try:
            checks = self._desk.self_checks(self._session.id)
        except InputError:  # an old report by another rubric: it can be read, not settled
            return
        if not checks:
            return
        command = f"interviewer history check {self._session.id[:12]}"
        count = "1 verdict is" if len(checks) == 1 else f"{len(checks)} verdicts are"
        typer.echo(f"{count} open: the judge is not sure. `{command}` asks what you meant.")
        if not self._terminal.is_live:
            return
        shown = checks[:MOST_ASKED]
        entry = self._terminal.read(f"Did you mean this? {len(shown)} to look at now [y/N] ")
        if (entry or "").lower() not in ("y", "yes"):
            return
        if answers := ask_back(self._terminal, shown, "candidate"):
            report = self._desk.settle(self._session.id, answers, "candidate")
            typer.echo(total_of(parse_scorecard(report.scorecard_json)))


def ask_ratings(terminal: Terminal, competencies: Mapping[CompetencyId, str]) -> dict[str, int]:
    """Levels 1-5 that the candidate gives; an empty entry skips one, `/skip` or the end of input skips the rest.

    As many numbers as competencies in one entry rate them all.
    """
    ratings: dict[str, int] = {}
    for competency, title in competencies.items():
        entry = _ask_rating(terminal, title, len(competencies))
        if entry is None:
            return ratings
        if len(entry) > 1:
            return dict(zip(competencies, entry, strict=True))
        if entry:
            ratings[competency] = entry[0]
    return ratings


def _ask_rating(terminal: Terminal, title: str, all_of_them: int) -> list[int] | None:
    """No number (skipped), one, or one for each competency; None when the rest is skipped."""
    while (entry := terminal.read(f"{title}, 1-5 (Enter skips, /skip skips all): ")) is not None:
        if entry.lower() in ("/skip", "/quit", "/finish"):
            return None
        numbers = [int(part) if part.isdecimal() else 0 for part in entry.replace(",", " ").split()]
        if len(numbers) in (0, 1, all_of_them) and all(1 <= number <= 5 for number in numbers):
            return numbers
        typer.echo("A number from 1 to 5, please, or Enter.", err=True)
    return None
