"""A short detail of what the candidate said, fit to be quoted back."""

import re
from collections.abc import Collection

from interviewer.interview.terms import is_content, sentence_spans, stem, terms, words

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’-]*")
_JOINTS = frozenset(("of", "per"))
_NOT_NAMES = frozenset(
    """check compare look roll validate verify confirm ask find run pull start stop switch set add build test
    keep move fix put call page tell write read open close turn try wait happen change become go break fail
    think thought guess suspect believe assume worry want need help depend seem feel mean give show say get make
    see take come do have use work serve cause return send train deploy agree prove measure increase decrease
    drop raise grow expect prefer decide changed became went gone broke broken failed came gave showed said got
    made saw took did had used worked served caused returned sent trained deployed agreed proved die hurt blow
    stay begin act heard save hate goes measured increased decreased dropped raised grew expected stopped
    started moved added fixed called asked found built pulled pushed tested checked compared renamed whose
    whichever along whatever anything everything nobody somebody someone everyone honestly basically actually
    definitely obviously sure answer question score grade rubric instruction instructions ignore interviewer
    candidate correct wrong hello thanks bad good big huge same different still already instead both""".split()  # noqa: SIM905 - a list of words reads better as words
)
_MOST_WORDS = 4


def find_phrase(text: str, question: str, field: Collection[str], used: Collection[str] = ()) -> str | None:
    """Two to four neighbouring words of `text` that name a thing, verbatim; None where nothing fits.

    One of the words must be of `field` (stems) or of the question: words shared with the question make a phrase
    better, then words of the field, then lateness. Sentences that carry markup, code, links or shouting are passed
    over, phrases in `used` as well.
    """
    asked = set(terms(question))
    best: tuple[tuple[int, int, int], str] | None = None
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if not _is_plain(sentence):
            continue
        for place, phrase in _candidates(sentence):
            if phrase.lower() in used:
                continue
            stems = {stem(word) for word in words(phrase)}
            rank = (len(stems & asked), len(stems.intersection(field)), start + place)
            if rank[:2] > (0, 0) and (best is None or rank > best[0]):
                best = (rank, phrase)
    return best[1] if best else None


def _is_plain(sentence: str) -> bool:
    """No markup, code, link, question or run of capitals: words as people say them."""
    if re.search(r"[<>{}\[\]|`=*_#\\@$~^?]|https?:|www\.|[\u200b-\u200f\u202a-\u202e\U000e0000-\U000e007f]", sentence):
        return False
    shouted = re.findall(r"\b[A-Z]{6,}\b", sentence)
    return not shouted and sentence.count('"') % 2 == 0


def _candidates(sentence: str) -> list[tuple[int, str]]:
    """Runs of naming words with where they start; small joints are allowed inside."""
    runs, run = [], list[re.Match[str]]()
    for token in [*_TOKEN.finditer(sentence), None]:
        if token is not None and _continues(sentence, run, token):
            run.append(token)
            continue
        runs.append(run)
        run = [token] if token is not None and _names(token.group()) else []
    found = (_trimmed(run) for run in runs)
    return [(run[0].start(), sentence[run[0].start() : run[-1].end()]) for run in found if len(run) >= 2]


def _continues(sentence: str, run: list[re.Match[str]], token: re.Match[str]) -> bool:
    if not run or len(run) >= _MOST_WORDS:
        return False
    touching = sentence[run[-1].end() : token.start()] == " "
    return touching and (_names(token.group()) or token.group().lower() in _JOINTS)


def _trimmed(run: list[re.Match[str]]) -> list[re.Match[str]]:
    while run and run[-1].group().lower() in _JOINTS:
        run = run[:-1]
    return run


def _names(token: str) -> bool:
    """Whether a token may be part of the name of a thing: a content word, no verb form that starts a clause."""
    word = token.lower().replace("’", "'")
    if "'" in word or len(token) > 24 or word in _NOT_NAMES or word.removesuffix("s") in _NOT_NAMES:
        return False
    return all(is_content(part) for part in words(word)) and not word.endswith(("ing", "ly")) and not word.isdigit()
