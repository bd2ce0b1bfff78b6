"""A model's answer out of passages: asked for in one prompt, read back as points with quotes."""

import re
from collections.abc import Sequence
from typing import Protocol

from interviewer.evaluation.record import Snippet
from interviewer.noun import Noun
from interviewer.prompts.template import render

NO_ANSWER = "NO ANSWER"
_POINT = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.*\S)\s*$")
_QUOTE = re.compile(r"\[\s*(p\d+)\s*(?::\s*[\"“](.*)[\"”])?\s*\]\s*\.?$")
_BLANKS = re.compile(r"\s+")


class TextModel(Protocol):
    """A language model; `identity` is a canonical string such as `extractive@1` or the name of an endpoint's model."""

    @property
    def identity(self) -> str: ...

    def complete(self, prompt: str) -> str:
        """The text that follows a prompt.

        Raises:
            InterviewerError: no text came.
        """
        ...


class Point(Noun):
    """A point of an answer, the passage that it names (`p1` is the first) and what it quotes; empty where it does
    not."""

    text: str
    passage: str = ""
    quote: str = ""


class Response(Noun):
    """An answer. It abstains where it says so or gives no point."""

    points: tuple[Point, ...] = ()

    @property
    def abstains(self) -> bool:
        return not self.points


def render_question(template: str, question: str, context: Sequence[Snippet]) -> str:
    """The prompt; text of the question and the passages cannot close a tag.

    Raises:
        SlotError: the template lacks a slot or has one too many.
    """
    lines = [f'<passage id="p{number}">{_plain(one.text)}</passage>' for number, one in enumerate(context, 1)]
    return render(template, {"passages": "\n".join(lines), "question": _plain(question)})


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("<", "‹").replace(">", "›")).strip()


def parse_response(text: str) -> Response:
    """The points of an answer; a line that is no list item is not one, and `NO ANSWER` anywhere alone means none.

    >>> parse_response('- Roll back [p2: "roll back to the previous model"]').points[0].passage
    'p2'
    """
    lines = text.splitlines()
    if any(line.strip().strip(".*") == NO_ANSWER for line in lines):
        return Response()
    return Response(points=tuple(_point(found[1]) for line in lines if (found := _POINT.match(line))))


def _point(line: str) -> Point:
    found = _QUOTE.search(line)
    if found is None:
        return Point(text=line)
    return Point(text=line[: found.start()].strip() or (found[2] or ""), passage=found[1], quote=found[2] or "")


def is_quoted(point: Point, context: Sequence[Snippet]) -> bool:
    """Whether a point quotes, word for word, the passage that it names."""
    number = int(point.passage[1:]) if point.passage else 0
    if not point.quote or not 0 < number <= len(context):
        return False
    return _plain(point.quote).lower() in _plain(context[number - 1].text).lower()
