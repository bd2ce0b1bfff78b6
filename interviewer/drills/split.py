"""A drill document cut into chunks along its own structure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from interviewer.chunk import Chunk, KeyChunk, PublicChunk
from interviewer.drills.phrasings import Phrasings
from interviewer.manifest import SplitterDigest
from interviewer.scenario import DrillDocument, Scenario, Section, SectionKind

CHUNK_TOKENS = 256  # what the embedder reads of a text; more would be cut off unseen
SPLITTER = SplitterDigest(identity="structure-splitter@1", parameters={"chunk_tokens": CHUNK_TOKENS})

CountTokens = Callable[[str], int]
Split = Callable[[DrillDocument, Phrasings, CountTokens], tuple[Chunk, ...]]

_BREAKS = re.compile(r"\s+")


@dataclass(frozen=True)
class _Piece:
    """Text with its place in the source; `bullets` are ids."""

    text: str
    start: int = 0
    end: int = 0
    bullets: tuple[str, ...] = ()


def split_document(document: DrillDocument, phrasings: Phrasings, count_tokens: CountTokens) -> tuple[Chunk, ...]:
    """All chunks of a document, in document order, none of more than `CHUNK_TOKENS` tokens.

    Public: `s01/head` (title and prompt), `s01/followup/1`, `s01/title/1` and `s01/symptom/1` (authored wordings).
    Key: `s01/inspect` (a section under its title), `s01/inspect/2` (one bullet, alone), `preamble/answer_steps`.
    What is too long becomes `ID`, `ID~2`, `ID~3`. A bullet's text stands verbatim at its span; a section's span covers
    its heading and bullets; authored wordings have no place in the source.
    """
    cut = _Cutter(count_tokens)
    chunks: list[Chunk] = list(_preamble_chunks(document, cut))
    for scenario in document.scenarios:
        chunks += _public_chunks(scenario, phrasings, cut)
        chunks += _key_chunks(scenario, cut)
    return tuple(chunks)


@dataclass(frozen=True)
class Splitter:
    """A way to cut a document, and the digest that names it in a manifest."""

    digest: SplitterDigest
    split: Split


STRUCTURE = Splitter(SPLITTER, split_document)


def public_chunks(document: DrillDocument, phrasings: Phrasings, count_tokens: CountTokens) -> tuple[Chunk, ...]:
    """The public chunks alone, which no splitter cuts otherwise: heads, listed follow-ups, authored wordings."""
    cut = _Cutter(count_tokens)
    return tuple(chunk for one in document.scenarios for chunk in _public_chunks(one, phrasings, cut))


def scenario_id(number: int) -> str:
    """`s01` for 1, `s123` for 123."""
    return f"s{number:02d}"


def _preamble_chunks(document: DrillDocument, cut: "_Cutter") -> Iterator[Chunk]:
    preamble = document.preamble
    parts = [
        ("answer_steps", "How to answer", preamble.answer_steps),
        ("opening_steps", "First minutes", preamble.opening_steps),
        *((f"signals/{number}", group.name, group.signals) for number, group in enumerate(preamble.signal_groups, 1)),
        ("frameworks", "What to say", tuple(f"{one.situation}: {one.say}" for one in preamble.mini_frameworks)),
        ("seniority", "Senior answers", preamble.seniority_signals),
    ]
    for name, heading, lines in parts:
        pieces = [_Piece(heading + ":"), *(_Piece(line, *_span(document.source, line)) for line in lines)]
        yield from cut.key(f"preamble/{name}", None, name.split("/")[0], pieces if lines else [])


def _span(source: str, text: str) -> tuple[int, int]:
    """Where a line of the preamble stands; (0, 0) when it was put together from several places."""
    start = source.find(text)
    return (start, start + len(text)) if start >= 0 else (0, 0)


def _public_chunks(scenario: Scenario, phrasings: Phrasings, cut: "_Cutter") -> Iterator[Chunk]:
    name, number = scenario_id(scenario.number), scenario.number
    head = _Piece(f"{scenario.title}. {scenario.prompt}", scenario.start, _head_end(scenario))
    yield from cut.public(f"{name}/head", number, "head", [head])
    for bullet in scenario.follow_ups:
        piece = _Piece(bullet.text, bullet.start, bullet.end, (bullet.id,))
        yield from cut.public(f"{name}/followup/{bullet.index}", number, "followup", [piece])
    authored = phrasings.scenario(number)
    for section, wordings in (("title", authored.titles), ("symptom", authored.symptoms)) if authored else ():
        for index, wording in enumerate(wordings, 1):
            yield from cut.public(f"{name}/{section}/{index}", number, section, [_Piece(wording)])


def _head_end(scenario: Scenario) -> int:
    """Title and prompt end where the first section begins."""
    return min((section.start for section in scenario.sections), default=scenario.end)


def _key_chunks(scenario: Scenario, cut: "_Cutter") -> Iterator[Chunk]:
    name, number = scenario_id(scenario.number), scenario.number
    seen: dict[SectionKind, int] = {}
    for section in (one for one in scenario.sections if one.kind.is_key):
        seen[section.kind] = nth = seen.get(section.kind, 0) + 1
        own = f"{name}/{section.kind.value}" + (f"+{nth}" if nth > 1 else "")
        yield from cut.key(own, number, section.kind.value, _section_pieces(scenario, section))
        for bullet in section.bullets:
            piece = _Piece(bullet.text, bullet.start, bullet.end, (bullet.id,))
            yield from cut.key(f"{name}/{section.kind.value}/{bullet.index}", number, section.kind.value, [piece])


def _section_pieces(scenario: Scenario, section: Section) -> list[_Piece]:
    heading = f"{scenario.title}: {section.heading}."
    pieces = [_Piece(heading, section.start, section.start + len(section.heading))]
    if section.text:
        pieces.append(_Piece(section.text, section.start, section.end))
    return pieces + [_Piece(bullet.text, bullet.start, bullet.end, (bullet.id,)) for bullet in section.bullets]


class _Cutter:
    """Packs pieces into chunks of at most `CHUNK_TOKENS` tokens."""

    def __init__(self, count_tokens: CountTokens) -> None:
        self._count = count_tokens

    def public(self, own: str, scenario: int | None, section: str, pieces: list[_Piece]) -> Iterator[PublicChunk]:
        for number, (text, part) in enumerate(self._parts(pieces), 1):
            yield PublicChunk(**self._fields(own, number, text, part), scenario=scenario, section=section)

    def key(self, own: str, scenario: int | None, section: str, pieces: list[_Piece]) -> Iterator[KeyChunk]:
        for number, (text, part) in enumerate(self._parts(pieces), 1):
            yield KeyChunk(**self._fields(own, number, text, part), scenario=scenario, section=section)

    def _fields(self, own: str, number: int, text: str, part: list[_Piece]) -> dict[str, object]:
        placed = [piece for piece in part if piece.end]
        return {
            "id": own if number == 1 else f"{own}~{number}",
            "text": text,
            "bullets": tuple(bullet for piece in part for bullet in piece.bullets),
            "start": min((piece.start for piece in placed), default=0),
            "end": max((piece.end for piece in placed), default=0),
            "tokens": self._count(text),
        }

    def _parts(self, pieces: list[_Piece]) -> Iterator[tuple[str, list[_Piece]]]:
        part: list[_Piece] = []
        for piece in (small for whole in pieces for small in self._small(whole)):
            if part and self._count(_joined([*part, piece])) > CHUNK_TOKENS:
                yield _joined(part), part
                part = []
            part.append(piece)
        if part:
            yield _joined(part), part

    def _small(self, piece: _Piece) -> Iterator[_Piece]:
        """The piece itself, or halves of it (cut between words where it can be) that are small enough."""
        if self._count(piece.text) <= CHUNK_TOKENS or len(piece.text) < 2:
            yield piece
            return
        middle = _middle(piece.text)
        verbatim = piece.end - piece.start == len(piece.text)
        for start, end in ((0, middle), (middle, len(piece.text))):
            span = (piece.start + start, piece.start + end) if verbatim else (piece.start, piece.end)
            yield from self._small(_Piece(piece.text[start:end], *span, piece.bullets))


def _joined(pieces: Iterable[_Piece]) -> str:
    return "\n".join(piece.text for piece in pieces)


def _middle(text: str) -> int:
    """The end of the white space nearest to the middle, or the middle itself where there is none inside."""
    half = len(text) // 2
    ends = [match.end() for match in _BREAKS.finditer(text) if 0 < match.end() < len(text)]
    return min(ends, key=lambda end: abs(end - half)) if ends else half
