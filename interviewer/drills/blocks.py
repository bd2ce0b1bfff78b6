"""A document as a row of headings, list items, code lines and paragraphs, each with its place in the source."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

BlockKind = Literal["heading", "item", "code", "text"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*(?:[\u2022\u25cf\u25e6\u2023*+\-\u2013]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?=\S)")
_FENCE = re.compile(r"^\s*(```|~~~)")
_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,}|={3,})\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"`+|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_BOLD_LINE = re.compile(r"^\s*(\*\*|__)(.+?)\1:?\s*$")


class Block(NamedTuple):
    """`level` is 1-6 for Markdown headings, else 0; `start`, `end` are offsets of the raw text in the source."""

    kind: BlockKind
    text: str
    level: int
    line: int
    start: int
    end: int


class _Line(NamedTuple):
    number: int
    start: int
    text: str


def is_markdown(text: str) -> bool:
    """Whether the document marks its headings with `#`."""
    return any(_HEADING.match(line) for line in text.splitlines())


def read_blocks(text: str) -> list[Block]:
    """The blocks of a document in order; comments, rules and blank lines are left out."""
    return list(_join(_line_blocks(text, is_markdown(text))))


def plain(text: str, markdown: bool) -> str:
    """A line without inline marks of Markdown; plain text stays as it is, white space folded at the ends."""
    if not markdown:
        return text.strip()
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        yield _Line(number, start, line.rstrip("\r"))
        start += len(line) + 1


def _blank_comments(text: str) -> str:
    """Comments become blanks of the same length, so that offsets stay."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _line_blocks(text: str, markdown: bool) -> Iterator[Block | None]:
    """One block per line that holds something, None for a blank line."""
    fence = ""
    for line in _lines(_blank_comments(text) if markdown else text):
        mark = _FENCE.match(line.text) if markdown else None
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif fence:
            yield _block("code", line, line.text, 0, markdown=False) if line.text.strip() else None
        elif not line.text.strip() or _RULE.match(line.text):
            yield None
        else:
            yield _line_block(line, markdown)


def _line_block(line: _Line, markdown: bool) -> Block:
    heading = _HEADING.match(line.text) if markdown else None
    if heading:
        return _block("heading", line, heading[2], len(heading[1]), markdown)
    bold = _BOLD_LINE.match(line.text) if markdown else None
    if bold:
        return _block("heading", line, bold[2].rstrip(":"), 6, markdown)
    item = _ITEM.match(line.text)
    if item:
        return _block("item", line, line.text[item.end() :], 0, markdown)
    return _block("text", line, line.text, 0, markdown)


def _block(kind: BlockKind, line: _Line, raw: str, level: int, markdown: bool) -> Block:
    raw = raw.strip()
    start = line.start + max(line.text.find(raw), 0)
    return Block(kind, plain(raw, markdown), level, line.number, start, start + len(raw))


def _join(blocks: Iterator[Block | None]) -> Iterator[Block]:
    """Lines that go on: a text line right after an item or a text line belongs to it."""
    last: Block | None = None
    for block in blocks:
        if block and last and block.kind == "text" and last.kind in ("item", "text"):
            last = last._replace(text=f"{last.text} {block.text}".strip(), end=block.end)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last
