"""The lobby: what would you like to practise? A model talks about it where there is one, else search alone answers."""

import json
from datetime import UTC, datetime

from interviewer.desk import Desk
from interviewer.errors import ModelError
from interviewer.models.language import Message, assistant, user
from interviewer.models.lobby import LobbyModel, LobbyReply, LobbyTools

MOST_CHARS = 2_000
MOST_SENT = 15  # an odd number, so that what is sent begins with the person
MOST_FOUND = 3
MOST_PAST = 10


class Lobby:
    """The lobby of one visitor; keeps what was said. Not for several threads at once.

    Args:
        model: who talks; None leaves it to search.
    """

    def __init__(self, desk: Desk, model: LobbyModel | None) -> None:
        self._desk, self._model = desk, model
        self._said: list[Message] = []

    def say(self, text: str) -> LobbyReply:
        """The answer to what the visitor typed; a bare number is taken at its word. A model that fails is stood in for.

        Raises:
            InterviewerError: the search fails as well.
        """
        words = text.strip()[:MOST_CHARS]
        if self._model is None or not words or words.isdecimal() or not self._desk.topics_open:
            return self._search(words)
        self._said.append(user(words))
        try:
            reply = self._model.talk(self._said[-MOST_SENT:])
        except ModelError as error:
            reply = self._search(words, f"The model did not answer, so the search goes on without it. {error.what}")
        self._said.append(assistant(reply.text))
        return reply

    def prepare(self) -> None:
        """Open what the first answer needs, which may build the index; later calls cost next to nothing."""
        self._desk.prepare()
        if self._model is not None:
            self._model.prepare()

    def _search(self, words: str, notice: str = "") -> LobbyReply:
        found = self._desk.find_scenarios(words)
        if not found:
            none = "No drill fits that. Choose one from the list, or say it in other words."
            text = none if self._desk.topics_open else " ".join(self._desk.notices)
            return LobbyReply(text=text, by="search", notice=notice)
        text = f"Drill {found[0].number}: {found[0].title}. Start it, or choose another from the list."
        return LobbyReply(text=text, scenario=found[0].number, by="search", notice=notice)


def lobby_tools(desk: Desk) -> LobbyTools:
    """What a model in the lobby can look up: titles, what candidates are told at the start, and scores."""

    def find_scenario(words: str) -> str:
        found = desk.find_scenarios(words)[:MOST_FOUND]
        return _as_json([{"number": one.number, "title": one.title, "symptom": one.prompt} for one in found])

    def list_scenarios() -> str:
        return _as_json([{"number": one.number, "title": one.title} for one in desk.scenarios])

    def past_results() -> str:
        done = [one for one in desk.history() if one.status == "done"][:MOST_PAST]
        return _as_json(
            [
                {"day": _day(one.started_at), "drill": one.title, "level": one.level, "result": one.overall}
                for one in done
            ]
        )

    titles = {one.number: one.title for one in desk.scenarios}
    return LobbyTools(find_scenario, list_scenarios, past_results, titles.get)


def _as_json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
