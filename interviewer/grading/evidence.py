"""Where a quotation stands: found in the candidate's turns or refused, whatever a model claims."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from interviewer.grading.sentences import Sentence
from interviewer.grading.words import content_stems
from interviewer.transcript import Quote, Transcript

FEWEST_WORDS = 3
FEWEST_WIDENED = 2
MOST_CHARS = 600
_SAME = str.maketrans({"‘": "'", "’": "'", "‚": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = "‐‑‒–—―−"
_EDGES = re.compile(r"\A[\s\"'.,;:!?…()\[\]-]+|[\s\"'.,;:…()\[\]-]+\Z")
Span = tuple[int, int]


@dataclass(frozen=True)
class Ground:
    """What may be quoted: candidate turns, less the spans that are set aside.

    Args:
        sentences: the candidate's sentences, for quotes that are too short by themselves.
        barred: turn -> spans (start, end) no quote may touch.
    """

    transcript: Transcript
    sentences: Sequence[Sentence]
    barred: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    def find_quote(self, text: str, turn: int) -> Quote | None:
        """The exact span that a quotation means; None where it stands in no candidate turn, or may not be quoted.

        A wrong turn is put right; blanks, case and the shape of quotation marks and dashes may differ. A quotation of
        two content words is widened to its sentence, one with fewer refused.
        """
        if len(text) > 2 * MOST_CHARS:
            return None
        for index, start, end in self._places(text, turn):
            quote = self._sized(index, start, end)
            if quote is not None:
                return quote
        return None

    def fault_of(self, text: str) -> str:
        """Why words were refused, for whoever quoted them."""
        if len(text) > 2 * MOST_CHARS:
            return "That is too long to be specific."
        if len(content_stems(text)) < FEWEST_WIDENED:
            return "That is too short to be told apart."
        wanted = _EDGES.sub("", _normalise(text)[0])
        others = (turn.text for turn in self.transcript.turns if turn.role != "candidate")
        if wanted and any(wanted in _normalise(one)[0] for one in others):
            return "Those are words of the interviewer."
        return "That stands in no turn of the candidate, or was left out as no evidence."

    def _places(self, text: str, turn: int) -> Iterator[tuple[int, int, int]]:
        """Every allowed place: exact before normalised, the named turn before the others."""
        order = sorted(self._turns, key=lambda index: (index != turn, index))
        for index in order:
            for start, end in _exact(text, self._turns[index].raw):
                if self._allowed(index, start, end):
                    yield index, start, end
        wanted = _normalise(text)[0]
        for attempt in dict.fromkeys((wanted.strip(), _EDGES.sub("", wanted))):
            for index in order:
                for start, end in self._turns[index].places(attempt):
                    if self._allowed(index, start, end):
                        yield index, start, end

    def _allowed(self, turn: int, start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in self.barred.get(turn, ()))

    def _sized(self, turn: int, start: int, end: int) -> Quote | None:
        raw = self._turns[turn].raw
        found = len(content_stems(raw[start:end]))
        if FEWEST_WIDENED <= found < FEWEST_WORDS:
            start, end = self._around(turn, start, end)
            found = len(content_stems(raw[start:end]))
        if found < FEWEST_WORDS or end - start > MOST_CHARS or not self._allowed(turn, start, end):
            return None
        return Quote(turn=turn, start=start, end=end, text=raw[start:end])

    def _around(self, turn: int, start: int, end: int) -> Span:
        """The sentences that a span touches."""
        touched = [one for one in self.sentences if one.turn == turn and one.start < end and start < one.end]
        return min([start, *(one.start for one in touched)]), max([end, *(one.end for one in touched)])

    @cached_property
    def _turns(self) -> dict[int, "_Plain"]:
        return {index: _Plain(turn.text) for index, turn in self.transcript.candidate_turns}


class _Plain:
    """A text beside its normalised form, made when first needed."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    @cached_property
    def _normal(self) -> tuple[str, list[int]]:
        return _normalise(self.raw)

    def places(self, wanted: str) -> Iterator[Span]:
        """Spans of the raw text whose normalised form is wanted."""
        normal, origin = self._normal
        for start, end in _exact(wanted, normal):
            yield origin[start], origin[end - 1] + 1


def _exact(wanted: str, text: str) -> Iterator[Span]:
    start = text.find(wanted) if wanted.strip() else -1
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + 1)


def _normalise(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place in the original."""
    plain: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        for one in _plain_form(letter):
            if one == " " and plain and plain[-1] == " ":
                continue
            plain.append(one)
            origin.append(place)
    return "".join(plain), origin


def _plain_form(letter: str) -> Iterable[str]:
    if letter.isspace():
        return " "
    if letter.isascii():
        return letter.lower().translate(_SAME)
    if letter in _DASHES:
        return "-"
    if unicodedata.category(letter) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", letter.translate(_SAME)).casefold()
