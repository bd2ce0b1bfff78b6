"""A document as a row of headings, list items, code lines and paragraphs, each with its place in the source."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from interviewer.drills.headings import (
    find_preamble_part,
    find_section_kind,
    is_footer,
    is_prompt_heading,
    is_title_case,
    looks_like_heading,
    read_scenario_heading,
)
from interviewer.drills.markup import as_code, strip_markup
from interviewer.errors import DrillError

BlockKind = Literal["heading", "item", "text"]

# Bounds the work of the patterns below on a file that is no drill document.
MAX_BLOCK = 20_000
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_BOLD = re.compile(r"^(\*\*|__)(.+)\1\s*:?$")
_ITEM = re.compile(r"^([•●◦‣▪·*+\-–]|[0-9]{1,3}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})([^`]*)$")
_RULE = re.compile(r"^\s*([-*_=])(?:\s*\1){2,}\s*$")
_PROMPT = re.compile(r"^(?:\*\*|__)?(prompt)(?:\*\*|__)?:(?:\*\*|__)?\s*(?=\S)", re.IGNORECASE)


class Block(NamedTuple):
    """`level` is 1-6 for a Markdown heading, 0 for a bare line; `start`, `end` are offsets of the raw text."""

    kind: BlockKind
    text: str
    level: int
    line: int
    start: int
    end: int


class _Line(NamedTuple):
    number: int
    start: int
    indent: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass
class _Open:
    """A list item or a paragraph that may still go on."""

    kind: BlockKind
    text: str
    line: int
    start: int
    end: int
    indent: int
    nested: bool = False

    def join(self, text: str, end: int) -> None:
        self.text, self.end = f"{self.text} {text}".strip(), end

    def nest(self, text: str, end: int) -> None:
        """A list below the item becomes part of its sentence: `metrics: p50; p99`."""
        mark = ";" if self.nested else "" if not self.text or self.text.endswith((":", ".", "?", "!")) else ":"
        self.nested = True
        self.text += mark
        self.join(text, end)


def read_blocks(source: str, path: str) -> list[Block]:
    """The blocks of a document in order; comments, rules, blank lines and a `Last updated` line are left out.

    Raises:
        DrillError: an empty bullet, or a paragraph that is longer than `MAX_BLOCK` characters.
    """
    return list(_Reader(source, path).blocks())


def is_markdown(lines: list[str]) -> bool:
    """Whether the scenarios' headings are marked as in Markdown, or, where there are none, any heading is."""
    marked = [found for line in lines if (found := _HEADING.match(line))]
    names = [found[2] or "" for found in marked] + [found[2] for line in lines if (found := _BOLD.match(line))]
    if any(read_scenario_heading(strip_markup(name[:MAX_BLOCK])) for name in names):
        return True
    return bool(marked) and not any(read_scenario_heading(line[:MAX_BLOCK]) for line in lines)


class _Reader:
    """Walks the lines once; `open` is the block that the next line may continue."""

    def __init__(self, source: str, path: str) -> None:
        self.path = path
        self.markdown = is_markdown([line.text for line in _split(source)])
        self.lines = list(_split(_blank_comments(source) if self.markdown else source))
        self.open: _Open | None = None
        self.after_blank = False

    def blocks(self) -> Iterator[Block]:
        position = self._skip_front_matter()
        while position < len(self.lines):
            line = self.lines[position]
            if len(line.text) > MAX_BLOCK:
                self._fail_long(line.number)
            fence = _FENCE.match(line.text) if self.markdown else None
            if fence:
                position = yield from self._fenced(position + 1, fence[1], line.indent)
                continue
            yield from self._line(position)
            position += 1
        yield from self._close()

    def _line(self, position: int) -> Iterator[Block]:
        line = self.lines[position]
        if not line.text:
            self.after_blank = True
            return
        if _RULE.match(line.text) or is_footer(line.text):
            yield from self._close()
        elif heading := self._heading(position):
            yield from self._close()
            yield heading
        elif item := _ITEM.match(line.text):
            yield from self._item(line, line.text[item.end() :])
        else:
            yield from self._text(line)
        self.after_blank = False

    def _heading(self, position: int) -> Block | None:
        line = self.lines[position]
        marked = _HEADING.match(line.text)
        if marked and (self.markdown or self.open is None or self.after_blank):
            name = re.sub(r"(?:^|[ \t]+)#+[ \t]*$", "", marked[2] or "")
            return self._block("heading", line, name, len(marked[1]))
        bold = _BOLD.match(line.text) if self.markdown else None
        if bold and "**" not in bold[2] and _is_known(strip_markup(bold[2])):
            return self._block("heading", line, bold[2], 6)
        if not self.markdown and self._is_bare_heading(position):
            return self._block("heading", line, line.text, 0)
        return None

    def _is_bare_heading(self, position: int) -> bool:
        """Whether a line of the plain form is a heading by itself, whatever stands around it."""
        text = self.lines[position].text
        if self.lines[position].indent > 1 and self.open:
            return False
        if read_scenario_heading(text) or is_prompt_heading(text):
            return True
        if not looks_like_heading(text) or _ITEM.match(text):
            return False
        if find_section_kind(text) and self._opens_list(position):
            return len(text.split()) <= 6 or not text.endswith(":")
        return is_title_case(text) and _is_known(text) and not text.endswith(":")

    def _opens_list(self, position: int) -> bool:
        following = next((line.text for line in self.lines[position + 1 : position + 8] if line.text.strip("-=")), "")
        return _ITEM.match(following) is not None

    def _item(self, line: _Line, text: str) -> Iterator[Block]:
        if self.open and self.open.kind == "item" and line.indent >= self.open.indent + 2:
            self.open.nest(text, line.end)
            self._check_length(self.open)
            return
        yield from self._close()
        self.open = _Open("item", text, line.number, line.end - len(text), line.end, line.indent)

    def _text(self, line: _Line) -> Iterator[Block]:
        text = line.text.lstrip("> \t") if self.markdown else line.text
        belongs = self.open and self.open.kind == "item" and line.indent >= self.open.indent + 2
        if self.open and (belongs or not self.after_blank):
            self.open.join(text, line.end)
            self._check_length(self.open)
            return
        yield from self._close()
        prompt = _PROMPT.match(text)
        start = line.end - len(text)
        if prompt:
            yield Block("heading", prompt[1], 6 if self.markdown else 0, line.number, start, start + prompt.end())
            text = text[prompt.end() :]
        if text:
            self.open = _Open("text", text, line.number, line.end - len(text), line.end, line.indent)

    def _fenced(self, position: int, fence: str, indent: int) -> Generator[Block, None, int]:
        """Each command of a code block: an item, or a part of the list item that the block stands in."""
        end = self._end_of_fence(position, fence)
        inside = self.open if self.open and self.open.kind == "item" and indent >= self.open.indent + 2 else None
        if not inside:
            yield from self._close()
        for command in self._commands(self.lines[position:end]):
            if inside:
                inside.nest(as_code(command.text), command.end)
                self._check_length(inside)
            else:
                yield command
        return end + 1

    def _commands(self, lines: list[_Line]) -> Iterator[Block]:
        """Lines of code without comments and prompts; a line that ends in a backslash goes on in the next."""
        pending: _Open | None = None
        for line in lines:
            if not line.text or line.text.startswith("#"):
                continue
            code = line.text.removeprefix("$ ")
            pending = pending or _Open("item", "", line.number, line.end - len(code), line.end, line.indent)
            pending.join(code.removesuffix("\\").rstrip(), line.end)
            self._check_length(pending)
            if not code.endswith("\\"):
                yield Block("item", pending.text, 0, pending.line, pending.start, pending.end)
                pending = None
        if pending and pending.text:
            yield Block("item", pending.text, 0, pending.line, pending.start, pending.end)

    def _end_of_fence(self, position: int, fence: str) -> int:
        for number in range(position, len(self.lines)):
            text = self.lines[number].text
            if text.startswith(fence) and not text.strip(fence[0]):
                return number
        return len(self.lines)

    def _close(self) -> Iterator[Block]:
        done, self.open = self.open, None
        if done is None:
            return
        text = strip_markup(done.text) if self.markdown else done.text.strip()
        if text:
            yield Block(done.kind, text, 0, done.line, done.start, done.end)
        elif done.kind == "item":
            raise DrillError("A bullet is empty.", path=self.path, line=done.line, expected="text behind the bullet")

    def _block(self, kind: BlockKind, line: _Line, raw: str, level: int) -> Block:
        text = strip_markup(raw) if self.markdown else raw.strip()
        return Block(kind, text, level, line.number, line.start, line.end)

    def _check_length(self, block: _Open) -> None:
        if len(block.text) > MAX_BLOCK:
            self._fail_long(block.line)

    def _fail_long(self, line: int) -> None:
        what = f"A paragraph is longer than {MAX_BLOCK} characters."
        raise DrillError(what, path=self.path, line=line, expected="a drill document with a line for each bullet")

    def _skip_front_matter(self) -> int:
        if not self.markdown or not self.lines or self.lines[0].text != "---":
            return 0
        closing = (number for number, line in enumerate(self.lines[1:60], start=2) if line.text in ("---", "..."))
        return next(closing, 0)


def _is_known(text: str) -> bool:
    """Whether a heading has a meaning anywhere in a drill document."""
    if read_scenario_heading(text) or is_prompt_heading(text):
        return True
    return looks_like_heading(text) and bool(find_section_kind(text) or find_preamble_part(text))


def _split(source: str) -> Iterator[_Line]:
    for number, found in enumerate(_LINE.finditer(source), start=1):
        raw = found[1]
        text = raw.strip()
        start = found.start() + len(raw) - len(raw.lstrip())
        yield _Line(number, start, len(raw[: len(raw) - len(raw.lstrip())].expandtabs(4)), text)


def _blank_comments(source: str) -> str:
    """Comments become blanks of the same length, so that offsets stay."""
    pieces, position = [], 0
    while (opening := source.find("<!--", position)) >= 0 and (closing := source.find("-->", opening)) >= 0:
        pieces += [source[position:opening], re.sub(r"[^\r\n]", " ", source[opening : closing + 3])]
        position = closing + 3
    return "".join([*pieces, source[position:]])
