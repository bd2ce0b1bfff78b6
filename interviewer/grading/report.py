"""Scorecards as JSON, Markdown and single-file HTML, and the overview of a batch. The only door to jinja2."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from interviewer.errors import StoreError
from interviewer.grading.chart import draw_chart
from interviewer.grading.scorecard import CompetencyResult, CriterionResult, Scorecard
from interviewer.grading.summary import Failed, Graded, Row, titles_of
from interviewer.grading.trust import trust_in
from interviewer.transcript import Transcript

_TEMPLATES = Path(__file__).parent / "templates"
_MARKS = re.compile(r"([\\`*_\[\]<>|~$])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Characters that cannot be seen or that turn the writing direction; joiners of emoji and scripts stay as they are.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_LABELS = {"met": "met", "partial": "partly", "not_met": "not heard", "ungraded": "not graded"}


def render_json(scorecard: Scorecard) -> str:
    """The scorecard as JSON that `parse_scorecard` reads back."""
    return scorecard.model_dump_json(indent=1) + "\n"


def parse_scorecard(text: str) -> Scorecard:
    """A scorecard from its JSON.

    Raises:
        StoreError: it is not JSON, or not a scorecard of this version; names the first field at fault.
    """
    try:
        return Scorecard.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "the text"
        raise StoreError(
            f"The scorecard cannot be read: {field}: {fault['msg']}.", next_step="Grade the transcript again."
        ) from None


def render_markdown(scorecard: Scorecard, transcript: Transcript | None = None) -> str:
    """The report as Markdown, followed by the conversation where it is given."""
    return _markdown().get_template("report.md").render(**_values(scorecard), transcript=transcript)


def render_html(scorecard: Scorecard) -> str:
    """The report as one HTML file: own style, no script, nothing is loaded from anywhere."""
    return _html().get_template("report.html").render(**_values(scorecard), chart=draw_chart(scorecard.competencies))


def render_overview(rows: Sequence[Row]) -> str:
    """One HTML table of a batch with links to the reports, and what could not be graded."""
    graded = [row for row in rows if isinstance(row, Graded)]
    failed = [row for row in rows if isinstance(row, Failed)]
    return _html().get_template("overview.html").render(graded=graded, failed=failed, titles=titles_of(rows))


def summary_of(scorecard: Scorecard) -> str:
    """Where the candidate stands, in a sentence or two, without a verdict on hiring."""
    assessed = [one for one in scorecard.competencies if one.level is not None]
    if not assessed:
        return "Nothing could be assessed, so there are no levels."
    reached = [one for one in assessed if (one.level or 0) >= one.expected]
    text = (
        f"{len(reached)} of {len(assessed)} competencies are at or above what is expected at {scorecard.grade} level."
    )
    if scorecard.strongest:
        best = max(assessed, key=lambda one: ((one.level or 0) - one.expected, one.share or 0.0))
        text += f" Strongest: {best.title}."
    if scorecard.priorities:
        text += f" Work on next: {scorecard.priorities[0].title}."
    return text


def gap_of(competency: CompetencyResult) -> str:
    """How the candidate's own rating compares with the level; empty where one of them is missing."""
    if competency.self_rating is None or competency.level is None:
        return ""
    gap = competency.self_rating - competency.level
    return "as rated" if gap == 0 else f"rated {abs(gap)} {'above' if gap > 0 else 'below'} the level"


def doubt_about(result: CriterionResult) -> str:
    """How sure the judge is: `unsure`, with how the passes were split where there were several; empty where it is."""
    if result.sure:
        return ""
    counts = [(label, result.votes.count(label)) for label in ("met", "partial", "not_met")]
    split = ", ".join(f"{count} {_LABELS[label]}" for label, count in counts if count)
    return f"unsure: {split}" if split else "unsure"


def settled_by(result: CriterionResult) -> str:
    """Who settled a verdict that the judge was not to decide alone, in words; empty where nobody did."""
    return f"settled by the {result.judge}" if result.judge in ("candidate", "coach") else ""


def total_of(scorecard: Scorecard) -> str:
    """The total in a line, with its range and what is still open."""
    total = "Overall: not assessed" if scorecard.overall is None else f"Overall {_figure(scorecard.overall)} of 5"
    if scorecard.unsure and scorecard.low != scorecard.high:
        total += f" ({_figure(scorecard.low)} to {_figure(scorecard.high)} until settled)"
    return f"{total}, {scorecard.unsure} open" if scorecard.unsure else total


def visible(text: object) -> str:
    """The text with unseen characters shown by their code points.

    >>> visible("a\\u202eb")
    'a⟨U+202E⟩b'
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", str(text))


def escape_markdown(text: object) -> str:
    """The text so that Markdown shows it as it is, on one line.

    >>> escape_markdown("a *b* <i>")
    'a \\\\*b\\\\* \\\\<i\\\\>'
    """
    line = " ".join(visible(text).split())
    return _MARKS.sub(r"\\\1", _ENTITY.sub("&amp;", line))


def _values(scorecard: Scorecard) -> dict[str, Any]:
    rated = [one for one in scorecard.competencies if one.self_rating is not None]
    return {
        "card": scorecard,
        "summary": summary_of(scorecard),
        "rated": rated,
        "trust": trust_in(scorecard.provenance.judge),
    }


@cache
def _html() -> Environment:
    # finalize runs before autoescape, so what is shown is made visible and then escaped; a macro's Markup is neither
    return _environment(autoescape=True, finalize=lambda value: visible(value) if type(value) is str else value)


@cache
def _markdown() -> Environment:
    return _environment(autoescape=False, finalize=escape_markdown)


def _environment(*, autoescape: bool, finalize: Callable[[Any], Any]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=autoescape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "gap": gap_of,
        "label": lambda name: _LABELS[name],
        "figure": _figure,
        "doubt": doubt_about,
        "settled": settled_by,
    }
    environment.filters.update(filters)
    return environment


def _figure(value: float | None) -> str:
    """A level with one decimal.

    >>> _figure(3.25), _figure(None)
    ('3.2', '–')
    """
    return "–" if value is None else f"{value:.1f}"
