"""What is said in the lobby, and who says it: no vendor is loaded here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from interviewer.models.language import Message, Usage
from interviewer.noun import Noun
from interviewer.rubric import Grade


class LobbyReply(Noun):
    """What the lobby answers.

    `scenario` is the drill that is chosen (by a model, which ends the lobby) or proposed (by search), None while there
    is none; mode, level and minutes are set where the person named them. `notice` says that a model failed.
    """

    text: str
    scenario: int | None = None
    mode: Literal["real", "coach"] | None = None
    level: Grade | None = None
    minutes: int | None = None
    by: Literal["model", "search"] = "model"
    notice: str = ""
    usage: Usage = Usage()


@dataclass(frozen=True)
class LobbyTools:
    """What a model in the lobby can look up: public text only. `find_title` gives None for a number without a drill."""

    find_scenario: Callable[[str], str]
    list_scenarios: Callable[[], str]
    past_results: Callable[[], str]
    find_title: Callable[[int], str | None]


class LobbyModel(Protocol):
    """Talks with somebody about what to practise. Safe to share among threads."""

    def talk(self, said: Sequence[Message]) -> LobbyReply:
        """The answer to a conversation, whose last message is the person's.

        Raises:
            ModelError: as `LanguageModel.respond`.
        """
        ...

    def prepare(self) -> None:
        """Load what the first answer needs; later calls cost nothing."""
        ...
