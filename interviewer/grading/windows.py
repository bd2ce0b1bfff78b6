"""Windows of a talk: what the embedded judge weighs, one sentence or two neighbours of a turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.grading.sentences import Sentence
from interviewer.grading.words import content_stems


@dataclass(frozen=True)
class Window:
    """One sentence, or two neighbours of one turn; `stems` of the words that carry meaning."""

    sentences: tuple[Sentence, ...]
    stems: frozenset[str]


def build_windows(sentences: Sequence[Sentence]) -> tuple[Window, ...]:
    """Single sentences, each followed by its pair with the next one of the same turn."""
    stems = [frozenset(content_stems(one.text)) for one in sentences]
    found: list[Window] = []
    for place, one in enumerate(sentences):
        found.append(Window((one,), stems[place]))
        if place + 1 < len(sentences) and sentences[place + 1].turn == one.turn:
            found.append(Window((one, sentences[place + 1]), stems[place] | stems[place + 1]))
    return tuple(found)
