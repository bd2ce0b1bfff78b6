"""A live interview: a thin shell that appends events and lets pure code decide what they mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from interviewer.errors import InputError, NotFoundError, PhaseError, StoreBusyError
from interviewer.interview.clock import counted_s
from interviewer.interview.coverage import TurnScorer
from interviewer.interview.cue import Observation
from interviewer.interview.events import (
    CandidateSaid,
    Event,
    FinishAsked,
    HintAsked,
    InterviewerSaid,
    Paused,
    Resumed,
    RetryAsked,
    Scored,
    SelfRated,
    Started,
)
from interviewer.interview.late import Later, LateScoring, do_now, moved
from interviewer.interview.leak import LeakGuard
from interviewer.interview.log import EventLog, key_of
from interviewer.interview.move import Move
from interviewer.interview.plan import Plan
from interviewer.interview.policy import next_move, second_choice
from interviewer.interview.speaker import Speaker
from interviewer.interview.speech import ModelledVoice, pieces, speak
from interviewer.interview.state import SessionState, replay
from interviewer.interview.tracker import Tracker
from interviewer.transcript import Transcript

MAX_MESSAGE_CHARS = 8000
_MOST_TRIES = 8
_FEWEST_TRACKED_WORDS = 8


@dataclass(frozen=True)
class Cast:
    """The parts that one interview needs, chosen by wiring. `now` gives seconds since the epoch.

    With a `voice` a language model words what it may word, `speaker` the rest and whatever the model cannot. `scorer`
    gives the estimate of what an answer brings up before the reply to it; a `tracker` looks again, by way of `later`,
    which runs work that nobody waits for.
    """

    plan: Plan
    scorer: TurnScorer
    speaker: Speaker
    guard: LeakGuard
    log: EventLog
    now: Callable[[], float]
    rubric: str = ""
    voice: ModelledVoice | None = None
    tracker: Tracker | None = None
    later: Later = do_now

    @property
    def identity(self) -> str:
        """Who interviews: the model's voice where there is one, and the authored wording."""
        return f"{self.voice.voice.identity}, {self.speaker.identity}" if self.voice else self.speaker.identity


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
            speaker=cast.identity,
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
        running = 0.0 if self._state.phase == "done" else counted_s(self._last_event, self._cast.now())
        return self._state.elapsed_s + running

    def remaining_s(self) -> float:
        """Seconds left by the plan, 0 at least. Running out locks nothing."""
        return max(self._cast.plan.minutes * 60.0 - self.elapsed_s(), 0.0)

    def reply(self) -> Iterator[str]:
        """Pieces of what the interviewer says next, when something is owed; otherwise nothing.

        The turn is committed after the last piece; who stops drawing early is given it again by the next call, in the
        same words when they are authored.
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

    def read_ahead(self, draft: str) -> None:
        """Look at an answer that is still being typed, so that the reply to it comes sooner; nothing is recorded."""
        if self._state.phase == "interview" and _says_something(draft) and len(draft) <= MAX_MESSAGE_CHARS:
            self._cast.scorer.score(draft)

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

    @property
    def can_retry(self) -> bool:
        """Whether the last thing that was said may be said once more, since the model failed at it."""
        last = self._state.coverage.moves[-1:]
        turns = self._state.transcript.turns
        waits = bool(last and turns) and turns[-1].role == "interviewer" and not self._state.pending
        return bool(waits and self._state.trouble and self._cast.voice) and self._state.phase in (
            "interview",
            "wrap_up",
        )

    def retry(self, key: str = "") -> Iterator[str]:
        """Have the interviewer's last turn said once more, after a model left it unfinished or could not word it.

        Raises:
            PhaseError: nothing went wrong with it, or it has been answered.
        """
        self._catch_up()
        if key and (told := self._told(key)) is not None:
            return told
        if not self.can_retry:
            raise PhaseError("There is nothing to say again: the model did not fail, or you have answered since.")
        self._wake()
        name = key or f"retry-{len(self._events)}"
        self._submit(lambda: RetryAsked(at=self._cast.now(), key=name), name)
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
        return pieces(said.text) if said else self._speak()

    def _speak(self) -> Iterator[str]:
        """Say what is owed. What was shown is recorded as it was shown, whoever else writes meanwhile."""
        while self._owes():
            self._estimate()
            if not self._owes():
                return
            owed, again = len(self._state.transcript.turns), self._last_event.kind == "retry_asked"
            move, second = (self._last_move(), None) if again else self._next_moves()
            before = self._before_last if again else self._heard
            spoken = yield from speak(move, before, self._cast, self._earned(), second)
            made = second if second and spoken.second else move
            told = spoken.model_dump(exclude={"second"})
            said = InterviewerSaid(at=self._cast.now(), move=made, again=again, **told)
            for _ in range(_MOST_TRIES):
                if self._append([said]):
                    self._look_again()
                    return
                if not self._owes() or len(self._state.transcript.turns) != owed:
                    break  # another window has made this reply: the loop says what is owed now, if anything

    @property
    def _last_event(self) -> Event:
        """What happened last; verdicts may come late, at any time, and are no happening of the talk."""
        return next(event for event in reversed(self._events) if event.kind != "scored")

    def _owes(self) -> bool:
        return self._state.pending

    @property
    def _heard(self) -> Transcript:
        return self._state.transcript

    @property
    def _before_last(self) -> Transcript:
        """The conversation without the turn that is to be said again."""
        return self._heard.model_copy(update={"turns": self._heard.turns[:-1]})

    def _next_moves(self) -> tuple[Move, Move | None]:
        """What comes next, and for a model that finds it answered already what would come then."""
        terms = (self._heard, self._cast.plan, self._state.coverage)
        move = next_move(*terms)
        return move, second_choice(*terms, move) if self._cast.voice else None

    def _last_move(self) -> Move:
        return self._state.coverage.moves[-1].move

    def _earned(self) -> tuple[Observation, ...]:
        """What the candidate asked about the incident, and what they were told."""
        turns, moves = self._heard.turns, self._state.coverage.moves
        asked = [one.turn for one in moves if one.move.kind == "clarify" and one.move.variant == "incident"]
        return tuple(
            Observation(turn=turn, asked=turns[turn - 1].text, told=turns[turn].text)
            for turn in asked
            if 0 < turn < len(turns)
        )

    # -- what an answer brings up -------------------------------------------------------------------------------------

    def _estimate(self) -> None:
        """Record verdicts on the last candidate turn, when it is what the reply is owed to and has none."""
        turn = len(self._heard.turns) - 1
        if self._state.coverage.request != "answer" or turn < 0 or self._heard.turns[turn].role != "candidate":
            return
        if any(event.kind == "scored" and event.turn == turn for event in self._events):
            return
        told = [one for one in self._cast.scorer.score(self._heard.turns[turn].text) if one.label != "not_met"]
        verdicts = tuple(moved(verdict, turn) for verdict in told)
        self._append([Scored(at=self._cast.now(), turn=turn, scorer=self._cast.scorer.identity, verdicts=verdicts)])

    def _question_before(self, turn: int) -> str:
        """What was said before a turn; below a hint, the question that it belongs to as well."""
        said = self._heard.turns[turn - 1].text
        asked = [one for one in self._state.coverage.moves if one.turn < turn and one.move.asks]
        opened = self._heard.turns[asked[-1].turn].text if asked else said
        return said if opened == said else f"{opened} / {said}"

    def _look_again(self) -> None:
        """Have the answer that was just replied to tracked, while the candidate reads."""
        turn = len(self._heard.turns) - 2
        tracker = self._cast.tracker
        is_answer = turn > 0 and self._heard.turns[turn].role == "candidate" and self._state.phase == "interview"
        if tracker and is_answer and _says_something(self._heard.turns[turn].text):
            question, answer = self._question_before(turn), self._heard.turns[turn].text
            work = LateScoring(self.id, turn, question, answer, tracker, self._cast.log, self._cast.now)
            self._cast.later(work)


def _check_message(text: str) -> None:
    if not text.strip():
        raise InputError("The message is empty.", next_step="Write something, or say “next” to move on.")
    if len(text) > MAX_MESSAGE_CHARS:
        raise InputError(
            f"The message has {len(text):,} characters; at most {MAX_MESSAGE_CHARS:,} fit.",
            next_step="Nothing was sent: shorten it and send it again.",
        )


def _says_something(text: str) -> bool:
    """Whether an answer is long enough to bring anything up; a request or a farewell is not worth a call."""
    return len(text.split()) >= _FEWEST_TRACKED_WORDS


def _rating_fault(error: ValidationError) -> str:
    fields = ", ".join(str(fault["loc"][1]) for fault in error.errors() if len(fault["loc"]) > 1)
    return f"The self-rating cannot be used: {fields or 'not a table of numbers'}."
