"""What is no evidence, whatever it says: instructions to the judge, recited criteria, bare lists, echoes.

None of it is punished: the sentence is set aside, a reader is told, and the rest is judged as if it were not there.
Families of such text: OWASP Top 10 for LLM applications 2026, LLM01 prompt injection.
"""

import re
from collections.abc import Iterable, Sequence

from interviewer.grading.scorecard import Flag
from interviewer.grading.sentences import Sentence
from interviewer.grading.words import FUNCTION_WORDS, content_stems, words
from interviewer.transcript import Quote, Transcript

_INSTRUCTION = re.compile(
    r"""\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:rubric|instruction|prompt|rules?|criteri\w+|above|previous)\b
    |\b(?:give|award|assign|grant|mark|grade|score|rate)\b.{0,30}\b(?:full|top|max\w*|highest|perfect|5|five|all)\b.{0,20}
      \b(?:marks?|scores?|points?|grades?|levels?|credits?|criteri\w+|complete|met|5)\b
    |\b(?:mark|treat|count|consider)\b.{0,25}\b(?:as\s+)?(?:met|complete|satisfied|passed)\b
    |\b(?:score|grade|rating|level|verdict)\s*["']?\s*[:=]\s*["']?(?:\d|met|pass)
    |\b(?:assessor|grader|examiner|evaluator|as\s+the\s+judge|to\s+the\s+judge|note\s+from\s+hr|dear\s+(?:judge|grader))\b
    |^\s*system\s+(?:prompt|message)\s*[:=]|^\s*(?:system|assistant|developer)\s*:
    |\bend\s+of\s+transcript\b|\bfinal\s+grade\b|</?(?:candidate|answer|system|transcript)\w*>
    |\bmy\s+answer\s+(?:demonstrates|covers|shows|satisfies|meets)\b|\bthe\s+candidate\s+(?:has|demonstrates|clearly|should)
    |\b(?:this|the)\s+rubric\b|\bpre-?approved\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ROLE_LINE = re.compile(r"^\s*(?:interviewer|system|assistant|developer|judge)\s*:", re.IGNORECASE | re.MULTILINE)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00\U000e0000-\U000e007f]")
_RECITED = 3
_SAME = 0.8
_ECHOED = 0.85
_LIST_WORDS = 14


def find_flags(transcript: Transcript) -> tuple[Flag, ...]:
    """What a reader should look at, with where it stands; no effect on any verdict."""
    found = []
    for index, turn in transcript.candidate_turns:
        for kind, pattern, what in (
            ("instruction", _INSTRUCTION, "reads like an instruction to whoever grades"),
            ("forged_role", _ROLE_LINE, "a line in the candidate's turn pretends to be somebody else's"),
            ("hidden_characters", _HIDDEN, "holds characters that cannot be seen"),
        ):
            match = pattern.search(turn.text)
            if match:
                start, end = _line_around(turn.text, match.start(), match.end())
                quote = Quote(turn=index, start=start, end=end, text=turn.text[start:end])
                found.append(Flag(kind=kind, what=what, quote=quote))
    return tuple(found)


def set_aside(sentences: Sequence[Sentence], transcript: Transcript, key_texts: Iterable[str]) -> dict[int, str]:
    """Place of a sentence -> why it is no evidence.

    `key_texts` are the wordings of the rubric and of the drill that a candidate could only recite.
    """
    keys = [frozenset(content_stems(text)) for text in key_texts]
    keys = [key for key in keys if len(key) >= 3]
    aside = {}
    recited: dict[int, list[int]] = {}
    for place, one in enumerate(sentences):
        stems = frozenset(content_stems(one.text))
        if _INSTRUCTION.search(one.text) or _ROLE_LINE.search(one.text) or _HIDDEN.search(one.text):
            aside[place] = "instruction"
        elif _is_bare_list(one.text):
            aside[place] = "keyword list"
        elif _is_echo(stems, one.turn, transcript):
            aside[place] = "echo of the interviewer"
        elif (count := _recited(stems, keys)) >= _RECITED:
            aside[place] = "recited criteria"
        elif count:
            recited.setdefault(one.turn, []).append(place)
    for places in recited.values():
        # one sentence may hit a wording by chance, a whole row of them does not
        if len(places) >= _RECITED:
            aside |= dict.fromkeys(places, "recited criteria")
    return aside


def _recited(stems: frozenset[str], keys: Sequence[frozenset[str]]) -> int:
    """How many wordings of the key a sentence consists of."""
    held = [key for key in keys if len(key & stems) >= _SAME * len(key)]
    covered = frozenset[str]().union(*held) & stems if held else frozenset[str]()
    return len(held) if stems and len(covered) >= _SAME * len(stems) else 0


def _is_bare_list(text: str) -> bool:
    """Many content words and hardly anything that makes a sentence of them."""
    said = words(text)
    glue = sum(word in FUNCTION_WORDS for word in said)
    return len(said) >= _LIST_WORDS and glue <= 0.06 * len(said)


def _is_echo(stems: frozenset[str], turn: int, transcript: Transcript) -> bool:
    """Whether nearly all of a sentence's words are the interviewer's last ones."""
    before = next((one for one in reversed(transcript.turns[:turn]) if one.role == "interviewer"), None)
    if before is None or len(stems) < 4:
        return False
    return len(stems & set(content_stems(before.text))) >= _ECHOED * len(stems)


def _line_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    return max(first, start - 120), min(last, end + 120)
