"""A live interview: a thin shell that appends events and lets pure code decide what they mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from interviewer.errors import InputError, NotFoundError, PhaseError, StoreBusyError
from interviewer.interview.clock import counted_s
from interviewer.interview.coverage import TurnScorer
from interviewer.interview.events import (
    CandidateSaid,
    Event,
    FinishAsked,
    HintAsked,
    InterviewerSaid,
    Paused,
    Resumed,
    Scored,
    SelfRated,
    Started,
)
from interviewer.interview.leak import LeakGuard, is_exempt
from interviewer.interview.log import EventLog, key_of
from interviewer.interview.move import Move
from interviewer.interview.plan import Plan
from interviewer.interview.policy import next_move
from interviewer.interview.speaker import Speaker
from interviewer.interview.state import SessionState, replay
from interviewer.transcript import Quote
from interviewer.verdict import Verdict

MAX_MESSAGE_CHARS = 8000
_MOST_TRIES = 8


@dataclass(frozen=True)
class Cast:
    """The parts that one interview needs, chosen by wiring. `now` gives seconds since the epoch."""

    plan: Plan
    scorer: TurnScorer
    speaker: Speaker
    guard: LeakGuard
    log: EventLog
    now: Callable[[], float]
    rubric: str = ""


class Session:
    """One interview. Every method reads the log first, so that two windows on one session agree.

    A submission is on disk before the reply to it is made; a reply is on disk when its pieces have been drawn. Where
    the program dies in between, `pending` is True after resuming and `reply()` makes up for it.
    """

    def __init__(self, session: str, cast: Cast, events: Sequence[Event]) -> None:
        self.id = session
        self._cast = cast
        self._events = tuple(events)
        self._state = replay(self._events, cast.plan.criteria)

    @classmethod
    def start(cls, session: str, cast: Cast) -> "Session":
        """Begin an interview under a new id; draw `reply()` for the brief.

        Raises:
            PhaseError: the id is taken.
        """
        plan = cast.plan
        started = Started(
            at=cast.now(),
            session=session,
            scenario=plan.scenario,
            title=plan.title,
            mode=plan.mode,
            level=plan.level,
            minutes=plan.minutes,
            rubric=cast.rubric,
            speaker=cast.speaker.identity,
        )
        if not cast.log.append(session, 0, [started]):
            raise PhaseError(f"A session {session} exists already.", next_step="Resume it, or start another.")
        return cls(session, cast, [started])

    @classmethod
    def resume(cls, session: str, cast: Cast) -> "Session":
        """Take up an interview; the time since its last event does not count.

        Raises:
            NotFoundError: there is no such session.
        """
        events = cast.log.read(session)
        if not events:
            raise NotFoundError(f"There is no session {session}.", next_step="`interviewer history` lists them.")
        resumed = cls(session, cast, events)
        if resumed.state.phase != "done":
            resumed._add_one(lambda: Resumed(at=cast.now()))
        return resumed

    @property
    def state(self) -> SessionState:
        """The state after the last event that this object has seen."""
        return self._state

    @property
    def plan(self) -> Plan:
        return self._cast.plan

    def elapsed_s(self) -> float:
        """Seconds of interview so far, the present silence included."""
        running = 0.0 if self._state.phase == "done" else counted_s(self._events[-1], self._cast.now())
        return self._state.elapsed_s + running

    def remaining_s(self) -> float:
        """Seconds left by the plan, 0 at least. Running out locks nothing."""
        return max(self._cast.plan.minutes * 60.0 - self.elapsed_s(), 0.0)

    def reply(self) -> Iterator[str]:
        """Pieces of what the interviewer says next, when something is owed; otherwise nothing.

        The turn is committed after the last piece; who stops drawing early gets the same words from the next call.
        """
        self._catch_up()
        return self._speak()

    def answer(self, text: str, key: str) -> Iterator[str]:
        """Commit a candidate turn at once, then give the pieces of the reply. The same key again gives the same reply.

        Raises:
            InputError: the message is empty or longer than `MAX_MESSAGE_CHARS`; nothing is stored, the text is yours.
            PhaseError: the interview is over.
        """
        self._catch_up()
        if (told := self._told(key)) is not None:
            return told
        _check_message(text)
        self._settle()
        self._require("interview", "wrap_up")
        self._wake()
        self._submit(lambda: CandidateSaid(at=self._cast.now(), key=key, text=text), key)
        return self._told(key) or iter(())

    def hint(self, key: str = "") -> Iterator[str]:
        """Ask for the next hint on the open question; recorded with its price. A key makes a second click harmless.

        Raises:
            PhaseError: no question is open any more.
        """
        self._catch_up()
        if key and (told := self._told(key)) is not None:
            return told
        self._settle()
        self._require("interview")
        self._wake()
        name = key or f"hint-{len(self._events)}"
        self._submit(lambda: HintAsked(at=self._cast.now(), key=name), name)
        return self._told(name) or iter(())

    def finish(self) -> Iterator[str]:
        """Close the interview now; what follows is the self-rating. Again, it gives nothing more."""
        self._catch_up()
        self._settle()
        if self._state.phase in ("self_rating", "done"):
            return iter(())
        self._wake()
        self._add_one(lambda: FinishAsked(at=self._cast.now()))
        return self._speak()

    def rate_self(self, ratings: Mapping[str, int]) -> Iterator[str]:
        """Record the candidate's own levels 1-5 per competency (empty: skipped) and end the session.

        Raises:
            InputError: an unknown competency or a number outside 1-5.
            PhaseError: the interview still runs, or is over.
        """
        self._catch_up()
        self._settle()
        self._require("self_rating")
        try:
            rated = SelfRated.model_validate({"at": self._cast.now(), "ratings": dict(ratings)})
        except ValidationError as error:
            raise InputError(_rating_fault(error), next_step="Give numbers from 1 to 5.") from None
        self._add_one(lambda: rated)
        told = tuple(self._speak())
        return iter(told)

    def pause(self) -> None:
        """Stop the clock; anything that is said later starts it again. Does nothing when paused or over."""
        self._catch_up()
        if not self._state.paused and self._state.phase != "done":
            self._add_one(lambda: Paused(at=self._cast.now()))

    # -- appending ----------------------------------------------------------------------------------------------------

    def _append(self, events: Sequence[Event]) -> bool:
        """Whether the events were written; if not, somebody else wrote first and has been caught up with."""
        written = self._cast.log.append(self.id, len(self._events), events)
        if written:
            self._take(events)
        else:
            self._catch_up()
        return written

    def _add_one(self, make: Callable[[], Event]) -> None:
        self._submit(make, None)

    def _submit(self, make: Callable[[], Event], key: str | None) -> None:
        """Write an event; done as well when somebody else has written the one with this key."""
        for _ in range(_MOST_TRIES):
            if self._append([make()]) or (key and self._place(key) is not None):
                return
        raise StoreBusyError(
            "The session is being written from another window.", next_step="Reload it and send the message again."
        )

    def _take(self, events: Sequence[Event]) -> None:
        self._events += tuple(events)
        self._state = replay(self._events, self._cast.plan.criteria)

    def _catch_up(self) -> None:
        if fresh := self._cast.log.read(self.id, len(self._events)):
            self._take(fresh)

    def _settle(self) -> None:
        """Make the reply that is owed, if one is, before anything else happens."""
        for _ in self._speak():
            pass

    def _wake(self) -> None:
        if self._state.paused:
            self._add_one(lambda: Resumed(at=self._cast.now()))

    def _require(self, *phases: str) -> None:
        if self._state.phase not in phases:
            raise PhaseError(f"The interview is in its phase “{self._state.phase}”: this cannot be done now.")

    # -- speaking -----------------------------------------------------------------------------------------------------

    def _place(self, key: str) -> int | None:
        return next((place for place, event in enumerate(self._events) if key_of(event) == key), None)

    def _told(self, key: str) -> Iterator[str] | None:
        """The reply to the submission of that key, made now if need be; None when there was no such submission."""
        place = self._place(key)
        if place is None:
            return None
        said = next((event for event in self._events[place:] if event.kind == "interviewer_said"), None)
        return _pieces(said.text) if said else self._speak()

    def _speak(self) -> Iterator[str]:
        while self._state.pending:
            events = self._reply_events()
            said = events[-1]
            if said.kind == "interviewer_said":
                yield from _pieces(said.text)
            if self._append(events):
                return

    def _reply_events(self) -> tuple[Event, ...]:
        scored = self._score()
        state = replay(self._events + scored, self._cast.plan.criteria) if scored else self._state
        move = next_move(state.transcript, self._cast.plan, state.coverage)
        text, held_back = self._word(move)
        return (*scored, InterviewerSaid(at=self._cast.now(), move=move, text=text, held_back=held_back))

    def _score(self) -> tuple[Event, ...]:
        """Verdicts on the last candidate turn, when it is what the reply is owed to."""
        turn = len(self._state.transcript.turns) - 1
        if self._state.coverage.request != "answer" or turn < 0:
            return ()
        last = self._state.transcript.turns[turn]
        if last.role != "candidate":
            return ()
        told = [verdict for verdict in self._cast.scorer.score(last.text) if verdict.label != "not_met"]
        verdicts = tuple(_moved(verdict, turn) for verdict in told)
        return (Scored(at=self._cast.now(), turn=turn, scorer=self._cast.scorer.identity, verdicts=verdicts),)

    def _word(self, move: Move) -> tuple[str, str]:
        """The words of a move and, where the first choice was held back, why."""
        transcript, speaker, guard = self._state.transcript, self._cast.speaker, self._cast.guard
        text = speaker.say(move, transcript)
        if is_exempt(move) or not (why := guard.find_leak(text, transcript)):
            return text, ""
        bare = move.question
        if bare and not guard.find_leak(bare, transcript):
            return bare, why
        return speaker.say_plainly(move), why


def _check_message(text: str) -> None:
    if not text.strip():
        raise InputError("The message is empty.", next_step="Write something, or say “next” to move on.")
    if len(text) > MAX_MESSAGE_CHARS:
        raise InputError(
            f"The message has {len(text):,} characters; at most {MAX_MESSAGE_CHARS:,} fit.",
            next_step="Nothing was sent: shorten it and send it again.",
        )


def _moved(verdict: Verdict, turn: int) -> Verdict:
    """A verdict on a lone turn with its quotes at home in the transcript."""
    quotes = tuple(Quote(turn=turn, start=one.start, end=one.end, text=one.text) for one in verdict.quotes)
    return verdict.model_copy(update={"quotes": quotes})


def _pieces(text: str) -> Iterator[str]:
    """The text word by word, blanks kept: put together they are the text."""
    start = 0
    for place, letter in enumerate(text):
        if letter in " \n" and place + 1 < len(text) and text[place + 1] not in " \n":
            yield text[start : place + 1]
            start = place + 1
    yield text[start:]


def _rating_fault(error: ValidationError) -> str:
    fields = ", ".join(str(fault["loc"][1]) for fault in error.errors() if len(fault["loc"]) > 1)
    return f"The self-rating cannot be used: {fields or 'not a table of numbers'}."
