"""Reading along while an answer is typed: scoring it then costs no time when it is sent. Nothing of a draft is kept."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread

from interviewer.errors import InterviewerError
from interviewer.interview.coverage import TurnScorer
from interviewer.verdict import Verdict

_KEPT = 64

Verdicts = tuple[Verdict, ...]


class ReadAhead:
    """A scorer that remembers the last few texts it saw; see `TurnScorer`.

    Safe to share among threads: who asks for a text that is being scored waits for that and no longer.
    """

    def __init__(self, scorer: TurnScorer, kept: int = _KEPT) -> None:
        self.identity = scorer.identity
        self._scorer, self._kept = scorer, kept
        self._lock = Lock()
        self._seen: OrderedDict[str, Future[Verdicts]] = OrderedDict()

    def score(self, text: str) -> Verdicts:
        with self._lock:
            known = self._seen.get(text)
            mine: Future[Verdicts] = known or Future()
            self._seen[text] = mine
            self._seen.move_to_end(text)
            while len(self._seen) > self._kept:
                self._seen.popitem(last=False)
        if known is None:
            self._fill(mine, text)
        return mine.result()

    def _fill(self, mine: "Future[Verdicts]", text: str) -> None:
        try:
            mine.set_result(self._scorer.score(text))
        except BaseException as error:  # noqa: BLE001 - handed to everybody who waits for it
            with self._lock:
                self._seen.pop(text, None)
            mine.set_exception(error)


class Drafts:
    """Shows drafts to a reader in a thread, the latest one only: whoever types faster than it reads is not held up."""

    def __init__(self, read: Callable[[str], None]) -> None:
        self._read = read
        self._lock = Lock()
        self._latest: str | None = None
        self._runs = False

    def show(self, draft: str) -> None:
        with self._lock:
            self._latest = draft
            if self._runs:
                return
            self._runs = True
        Thread(target=self._work, name="drafts", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                draft, self._latest = self._latest, None
                if draft is None:
                    self._runs = False
                    return
            # what is wrong is said when the answer itself is scored
            with suppress(InterviewerError):
                self._read(draft)
