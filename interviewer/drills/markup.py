"""Inline marks of Markdown, taken off: what a reader of the rendered line would see."""

import html
import re

_VERBATIM = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)|\\([!-/:-@\[-`{-~])")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*|(?<!\w)__(?=\S)([^_]+)(?<=\S)__(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_]+)(?<=\S)_(?!\w)")
# Code and escaped characters wait under a sign of the private use area while the other marks are taken off.
_OPEN, _CLOSE = "\ue000", "\ue001"
_KEPT = re.compile(f"{_OPEN}([0-9]{{1,6}}){_CLOSE}")


def strip_markup(text: str) -> str:
    """The text without marks.

    >>> strip_markup("run `kubectl get *`, **then** read [the _log_](https://example.org)")
    'run kubectl get *, then read the log'
    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append((found[2] or found[3] or "").strip())
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    bare = _VERBATIM.sub(keep, text.replace(_OPEN, "").replace(_CLOSE, ""))
    bare = _LINK.sub(r"\1", bare)
    for marks in (_STRONG, _EMPHASIS):
        bare = marks.sub(lambda found: found[1] or found[2], bare)
    return _KEPT.sub(lambda found: kept[int(found[1])], html.unescape(bare)).strip()


def as_code(text: str) -> str:
    """The text inside enough backticks to be kept by `strip_markup` as it stands."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"
