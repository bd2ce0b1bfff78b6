"""Everything that can go wrong, drawn as a tree.

```
InterviewerError                what is wrong, where, and the next step; carries the exit code of the command
├── InputError                  2   something the user gave us cannot be used as it is
│   ├── DrillError              a drill document that does not parse (file, line, what was expected)
│   ├── PhrasingsError          a file of authored wordings or exemplars with a fault (file, field)
│   ├── RubricError             a rubric file with a fault (file, field)
│   ├── TranscriptError         a transcript that cannot be read or graded (file, line or field)
│   ├── GoldError               a gold label that does not fit its transcript or rubric
│   └── QuerySetError           a row of an evaluation query set that cannot be used (file, line)
├── SettingsError               2   a setting that does not validate (name, source)
├── NotFoundError               1   a session, index version or scenario that does not exist
├── ShippedDataError            70  a file of the package is missing or its hash differs
├── IndexUnavailableError       70  no index can be opened or built
│   ├── IndexBrokenError        an index folder failed its health check
│   └── IndexBusyError          75  another process is building
├── StoreError                  74  the session store cannot be read or written
│   ├── StoreNewerError         78  written by a newer version of the program
│   └── StoreBusyError          75  locked by another process for longer than the time-out
├── ModelError                  69  a language model did not do what it was asked
│   ├── ModelUnavailableError   no connection, or the server failed (refused, name not found, closed, 5xx)
│   ├── ModelTimeoutError       a deadline passed: the whole reply, its first words, or the gap between two pieces
│   ├── ModelRateLimitedError   too many requests; `retry_after_s` says how long the server wants us to wait
│   ├── ModelQuotaError         the account has nothing left
│   ├── ModelAuthError          the key is missing, wrong or not allowed
│   ├── ModelRequestTooLargeError   the prompt does not fit the context window
│   ├── ModelBadResponseError   an answer that cannot be used; `kind` says in which way
│   ├── ModelRefusedError       the model declined, or a content filter stopped it
│   └── ModelTruncatedError     the reply ran into its length limit
├── BudgetError                 1   the next call would exceed --max-cost or --max-calls
├── PhaseError                  1   an interview was asked for a step that its phase does not allow
└── PortTakenError              69  the web app's port is in use
```

Vendor exceptions are translated at the door and never travel further.
"""

from pathlib import Path
from typing import Literal


class InterviewerError(Exception):
    """Base of every error that the program raises on purpose.

    Args:
        what: one sentence that says what is wrong.
        where: file, `file:line`, field or setting; empty where there is no place.
        next_step: what to do or type next; empty where nothing helps.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.next_step}" if self.next_step else ""
        return f"{place}{self.what}{advice}"


class InputError(InterviewerError):
    exit_code = 2


class DrillError(InputError):
    """A drill document that does not parse."""

    def __init__(self, what: str, *, path: str | Path, line: int = 0, expected: str = "") -> None:
        self.line = line
        where = f"{path}:{line}" if line else str(path)
        super().__init__(what, where=where, next_step=f"Expected {expected}." if expected else "")


class PhrasingsError(InputError):
    pass


class RubricError(InputError):
    pass


class TranscriptError(InputError):
    pass


class GoldError(InputError):
    pass


class QuerySetError(InputError):
    pass


class SettingsError(InterviewerError):
    exit_code = 2


class NotFoundError(InterviewerError):
    pass


class ShippedDataError(InterviewerError):
    exit_code = 70


class IndexUnavailableError(InterviewerError):
    exit_code = 70


class IndexBrokenError(IndexUnavailableError):
    pass


class IndexBusyError(IndexUnavailableError):
    exit_code = 75


class StoreError(InterviewerError):
    exit_code = 74


class StoreNewerError(StoreError):
    exit_code = 78


class StoreBusyError(StoreError):
    exit_code = 75


class ModelError(InterviewerError):
    """Base of what can go wrong with a language model. The texts never hold a key, a prompt or a transcript."""

    exit_code = 69


class ModelUnavailableError(ModelError):
    pass


class ModelTimeoutError(ModelError):
    pass


class ModelRateLimitedError(ModelError):
    """Args: retry_after_s: seconds that the server asks us to wait; None where it does not say."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "", retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what, where=where, next_step=next_step)


class ModelQuotaError(ModelError):
    pass


class ModelAuthError(ModelError):
    pass


class ModelRequestTooLargeError(ModelError):
    pass


BadResponse = Literal[
    "not_json", "not_completion", "error_body", "no_choices", "incomplete", "bad_event", "redirect",
    "not_found", "rejected", "schema", "duplicate_key", "two_objects",
    "endless",
]  # fmt: skip


class ModelBadResponseError(ModelError):
    """Args: kind: what is wrong with the answer.

    `not_json`, `duplicate_key`, `two_objects`, `schema`: structured output that is not the object asked for;
    `not_completion`, `error_body`, `no_choices`, `bad_event`: not an answer of such an endpoint;
    `incomplete`: it ended without a finish reason; `endless`: it called tools and never came to an end;
    `redirect`, `not_found`, `rejected`: the server would not take it.
    """

    def __init__(self, what: str, *, kind: BadResponse, where: str = "", next_step: str = "") -> None:
        self.kind = kind
        super().__init__(what, where=where, next_step=next_step)


class ModelRefusedError(ModelError):
    pass


class ModelTruncatedError(ModelError):
    pass


class BudgetError(InterviewerError):
    pass


class PhaseError(InterviewerError):
    pass


class PortTakenError(InterviewerError):
    exit_code = 69
