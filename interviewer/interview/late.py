"""Verdicts that arrive when the interview has gone on: work for the background, written to the log when done."""

from collections.abc import Callable
from dataclasses import dataclass

from interviewer.errors import ModelError, StoreError
from interviewer.interview.events import Scored
from interviewer.interview.log import EventLog
from interviewer.interview.tracker import Tracker
from interviewer.transcript import Quote
from interviewer.verdict import Verdict

Later = Callable[[Callable[[], None]], None]
_MOST_TRIES = 20


def do_now(work: Callable[[], None]) -> None:
    """Run work at once: for tests and for whoever has no background."""
    work()


@dataclass(frozen=True)
class LateScoring:
    """Tracks one answer and records what it brings up; where the model fails, the estimate stands.

    Safe to run in any thread at any time: the log decides the order, and nothing is written to a session that is gone.
    """

    session: str
    turn: int
    question: str
    answer: str
    tracker: Tracker
    log: EventLog
    now: Callable[[], float]

    def __call__(self) -> None:
        try:
            verdicts = tuple(moved(one, self.turn) for one in self.tracker.track(self.question, self.answer))
        except ModelError:
            return  # the estimate of the scorer stays, under its own name
        try:
            self._write(verdicts)
        except StoreError:
            return  # a full or busy disk costs the better verdicts only; the interview itself says so to the candidate

    def _write(self, verdicts: tuple[Verdict, ...]) -> None:
        scored = Scored(at=self.now(), turn=self.turn, scorer=self.tracker.identity, verdicts=verdicts)
        for _ in range(_MOST_TRIES):
            written = len(self.log.read(self.session))
            if not written or self.log.append(self.session, written, [scored]):
                return


def moved(verdict: Verdict, turn: int) -> Verdict:
    """A verdict on a lone turn with its quotes at home in the transcript."""
    quotes = tuple(Quote(turn=turn, start=one.start, end=one.end, text=one.text) for one in verdict.quotes)
    return verdict.model_copy(update={"quotes": quotes})
