"""What is no evidence, whatever it says: instructions to the judge, recited criteria, bare lists, echoes.

None of it is punished: the sentence is set aside, a reader is told, and the rest is judged as if it were not there.
Families of such text: OWASP Top 10 for LLM applications 2026, LLM01 prompt injection.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from interviewer.grading.instructions import is_instruction
from interviewer.grading.scorecard import Flag
from interviewer.grading.sentences import Sentence, split_sentences
from interviewer.grading.words import FUNCTION_WORDS, content_stems, words
from interviewer.transcript import Quote, Transcript

_ROLE_LINE = re.compile(r"^\s*(?:interviewer|system|assistant|developer|judge)\s*:", re.IGNORECASE | re.MULTILINE)
_OWN_LINE = re.compile(r"^\s*(?:candidate|me|i|answer)\s*:", re.IGNORECASE | re.MULTILINE)
# Characters that cannot be seen; joiners of emoji and scripts are none of them, and are seen through elsewhere.
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00\U000e0000-\U000e007f]")
# What makes sentences in languages that are not English but may be spoken; a list of terms has none of it either.
_OTHER_WORDS = (
    "ich wir die der das den dem und oder ist mit auf fur je nous le les des une et est dans pour que yo el los las "
    "una es en con para lo il che di per un una non sono eu os as um uma com na se nie jest ik het een van de y"
)
_OTHER_GLUE = frozenset(_OTHER_WORDS.split())
ECHO = "echo of the interviewer"
_RECITED = 3
_SAME = 0.8
_ECHOED = 0.85
_FEWEST_STEMS = 4
_LIST_WORDS = 14
_LIST_PIECES = 8
_LIST_DENSITY = 1.8


def find_flags(transcript: Transcript) -> tuple[Flag, ...]:
    """What a reader should look at, with where it stands; no effect on any verdict."""
    found = []
    for index, turn in transcript.candidate_turns:
        spoken = (one for one in split_sentences(turn.text, index) if is_instruction(one.text))
        if order := next(spoken, None):
            quote = Quote(turn=index, start=order.start, end=order.end, text=order.text)
            found.append(Flag(kind="instruction", what="reads like an instruction to whoever grades", quote=quote))
        for kind, pattern, what in (
            ("forged_role", _ROLE_LINE, "a line in the candidate's turn pretends to be somebody else's"),
            ("hidden_characters", HIDDEN, "holds characters that cannot be seen"),
        ):
            match = pattern.search(turn.text)
            if match:
                start, end = _line_around(turn.text, match.start(), match.end())
                quote = Quote(turn=index, start=start, end=end, text=turn.text[start:end])
                found.append(Flag(kind=kind, what=what, quote=quote))
    return tuple(found)


def set_aside(sentences: Sequence[Sentence], transcript: Transcript, key_texts: Iterable[str]) -> dict[int, str]:
    """Place of a sentence -> why it is no evidence.

    `key_texts` are the wordings of the rubric and of the drill that a candidate could only recite. Where most of an
    answer is set aside as recited or as an instruction, all of it is.
    """
    keys = [key for key in (frozenset(content_stems(text)) for text in key_texts) if len(key) >= _FEWEST_STEMS]
    aside = {}
    recited: dict[int, list[int]] = {}
    for place, one in enumerate(sentences):
        stems = frozenset(content_stems(one.text))
        if is_instruction(one.text) or HIDDEN.search(one.text):
            aside[place] = "instruction"
        elif _is_forged(one, transcript):
            aside[place] = "forged role"
        elif _is_bare_list(one.text):
            aside[place] = "keyword list"
        elif _is_echo(stems, one.turn, transcript):
            aside[place] = ECHO
        elif _is_recited(stems, keys):
            recited.setdefault(one.turn, []).append(place)
    for places in recited.values():
        # one sentence may hit a wording by chance, a row of them does not
        if len(places) >= _RECITED:
            aside |= dict.fromkeys(places, "recited criteria")
    aside |= _rest_of_recitals(sentences, aside)
    return aside | _rest_of_echoes(sentences, aside, transcript)


def _rest_of_echoes(sentences: Sequence[Sentence], aside: Mapping[int, str], transcript: Transcript) -> dict[int, str]:
    """Sentences too short to be told for an echo, beside one, that hold the interviewer's words and no other."""
    echoing = {sentences[place].turn for place, why in aside.items() if why == ECHO}
    found = {}
    for place, one in enumerate(sentences):
        if one.turn in echoing and place not in aside:
            stems = frozenset(content_stems(one.text))
            if stems and stems <= _asked(one.turn, transcript):
                found[place] = ECHO
    return found


def _rest_of_recitals(sentences: Sequence[Sentence], aside: Mapping[int, str]) -> dict[int, str]:
    """What is left of answers that are for the most part recited or addressed to the judge."""
    lengths: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    for place, one in enumerate(sentences):
        lengths[one.turn] += len(one.text)
        if aside.get(place) in ("recited criteria", "instruction"):
            taken[one.turn] += len(one.text)
    mostly = {turn for turn, length in taken.items() if length > lengths[turn] / 2}
    rest = (place for place, one in enumerate(sentences) if one.turn in mostly and place not in aside)
    return dict.fromkeys(rest, "recited criteria")


def _is_recited(stems: frozenset[str], keys: Sequence[frozenset[str]]) -> bool:
    """Whether a sentence is a wording of the key, a piece of one, or holds one."""
    if len(stems) < _FEWEST_STEMS:
        return False
    return any(len(key & stems) >= _SAME * min(len(key), len(stems)) for key in keys)


def _is_forged(one: Sentence, transcript: Transcript) -> bool:
    """Whether a sentence stands below a line of the same turn that pretends to be somebody else's."""
    said = transcript.turns[one.turn].text[: one.start + 1]
    forged = [found.start() for found in _ROLE_LINE.finditer(said + one.text[1:])]
    own = [found.start() for found in _OWN_LINE.finditer(said)]
    return bool(forged) and forged[-1] > max(own, default=-1)


def _is_bare_list(text: str) -> bool:
    """Many content words and hardly anything that makes a sentence of them."""
    said = words(text)
    glue = sum(word in FUNCTION_WORDS or word in _OTHER_GLUE for word in said)
    pieces = text.count(",") + text.count(";") + text.count("|") + 1
    if pieces >= _LIST_PIECES and len(said) <= _LIST_DENSITY * pieces:
        return True
    return len(said) >= _LIST_WORDS and glue <= 0.06 * len(said)


def _is_echo(stems: frozenset[str], turn: int, transcript: Transcript) -> bool:
    """Whether nearly all of a sentence's words are the interviewer's last ones."""
    if len(stems) < _FEWEST_STEMS:
        return False
    return len(stems & _asked(turn, transcript)) >= _ECHOED * len(stems)


def _asked(turn: int, transcript: Transcript) -> frozenset[str]:
    """Stems of what the interviewer said last before a turn."""
    before = next((one for one in reversed(transcript.turns[:turn]) if one.role == "interviewer"), None)
    return frozenset(content_stems(before.text)) if before else frozenset()


def _line_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    return max(first, start - 120), min(last, end + 120)
