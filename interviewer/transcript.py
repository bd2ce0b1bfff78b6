"""Conversations as values, and spans of them."""

from typing import Literal

from interviewer.noun import Noun

Role = Literal["interviewer", "candidate"]


class Turn(Noun):
    """What one side said, verbatim."""

    role: Role
    text: str


class Transcript(Noun):
    """A conversation: `scenario` is None where it is not known yet; `source` names the file or session it came from."""

    id: str
    turns: tuple[Turn, ...]
    scenario: int | None = None
    source: str = ""

    @property
    def candidate_turns(self) -> tuple[tuple[int, Turn], ...]:
        """The candidate's turns with their 0-based index into `turns`."""
        return tuple((index, turn) for index, turn in enumerate(self.turns) if turn.role == "candidate")


class Quote(Noun):
    """An exact span of a candidate turn: `turn` is 0-based, `turns[turn].text[start:end] == text`."""

    turn: int
    start: int
    end: int
    text: str

    def holds_in(self, transcript: Transcript) -> bool:
        """Whether the span stands verbatim in a candidate turn of this transcript."""
        if not 0 <= self.turn < len(transcript.turns):
            return False
        turn = transcript.turns[self.turn]
        return turn.role == "candidate" and bool(self.text) and turn.text[self.start : self.end] == self.text
