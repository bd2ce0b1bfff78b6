"""The reports of one graded transcript on disk, read again and written anew when somebody has settled what was open."""

from pathlib import Path

from interviewer.batch.local import write_whole
from interviewer.errors import InputError, StoreError
from interviewer.grading.report import parse_scorecard, render_html, render_json, render_markdown
from interviewer.grading.scorecard import Scorecard

_CONVERSATION = "\n## The conversation\n"


def read_scorecard(path: Path) -> Scorecard:
    """The scorecard in a JSON file that `interviewer grade` wrote.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        return parse_scorecard(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error}).", where=str(path)) from None
    except StoreError as error:
        wanted = "Give the .json that `interviewer grade` wrote."
        raise InputError(error.what, where=str(path), next_step=wanted) from None


def rewrite_reports(path: Path, card: Scorecard) -> tuple[Path, ...]:
    """Write the scorecard to its JSON file and its reports beside it; gives the files.

    The conversation at the end of the Markdown report, which the scorecard does not hold, is kept.
    """
    markdown = path.with_suffix(".md")
    texts = {
        path: render_json(card),
        markdown: render_markdown(card) + _conversation(markdown),
        path.with_suffix(".html"): render_html(card),
    }
    for file, text in texts.items():
        write_whole(file, text)
    return tuple(texts)


def _conversation(markdown: Path) -> str:
    """From its heading on; empty where there is none. No words of anybody begin a line of their own in a report."""
    try:
        _, heading, turns = markdown.read_text(encoding="utf-8").partition(_CONVERSATION)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error}).", where=str(markdown)) from None
    return f"{heading}{turns}"
