"""What the words of a criterion must not do: be empty, copy the key, or give it away."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from interviewer.rubrics.entry import Entry, RubricFile
from interviewer.rubrics.fault import Fault
from interviewer.rubrics.joins import key_texts
from interviewer.rubrics.words import joined_stems, stem, telling_stems, words
from interviewer.scenario import DrillDocument

COPIED_SHARE = 0.8
COPIED_RUN = 5
COPIED_WORDS = 3
SHARED_WITH_STATEMENT = 3


def find_wording_faults(files: Sequence[RubricFile], document: DrillDocument) -> Iterator[Fault]:
    keys = key_texts(document)
    for file in files:
        public = _public_stems(document, file.scenario)
        for entry in file.entries:
            key = keys.get(entry.bullet, "")
            yield from _empty(entry)
            yield from _copied(entry, key)
            yield from _leaking(entry, key, public)
            yield from _doubled_phrasings(entry)
    shared = [entry for file in files if file.scenario is None for entry in file.entries]
    for file in files:
        own = [] if file.scenario is None else file.entries
        yield from _same_probes([*shared, *own], of=str(file.path))


def copied_words(statement: str, key: str) -> str:
    """The words that the statement copies from its bullet; empty when it is in words of its own.

    Copied is the whole bullet word for word; a run of at least `COPIED_RUN` words that makes up `COPIED_SHARE` of it;
    or all of its telling words (`COPIED_WORDS` at least) with at most one of its own. Forms of a word count as one.
    """
    own, theirs = words(statement), words(key)
    own_stems, key_stems = [stem(word) for word in own], [stem(word) for word in theirs]
    telling, told = telling_stems(statement), telling_stems(key)
    shuffled = len(told) >= COPIED_WORDS and told.keys() <= telling.keys() and len(telling) <= len(told) + 1
    if own_stems and (own_stems == key_stems or shuffled):
        return " ".join(own)
    run = SequenceMatcher(None, own_stems, key_stems, autojunk=False).find_longest_match()
    enough = max(COPIED_RUN, COPIED_SHARE * len(theirs))
    return " ".join(own[run.a : run.a + run.size]) if run.size >= enough else ""


def leaked_words(probe: str, key: str, public: frozenset[str]) -> list[str]:
    """Words of the probe that stand in the key and are neither general nor public, in order.

    Two words in a row count as the one word that they make: "roll back" gives "rollback" away, and the reverse.
    """
    asked, told = telling_stems(probe), telling_stems(key)
    asked_pairs, told_pairs = joined_stems(probe), joined_stems(key)
    leaks = {root: word for root, word in asked.items() if root in told or root in told_pairs}
    leaks |= {root: word for root, word in asked_pairs.items() if root in told}
    return [word for root, word in leaks.items() if root not in public]


def _public_stems(document: DrillDocument, scenario: int | None) -> frozenset[str]:
    """What every candidate hears: title and prompt; nothing for criteria that go with any scenario."""
    found = document.scenario(scenario) if scenario is not None else None
    return frozenset(telling_stems(f"{found.title} {found.prompt}")) if found else frozenset()


def _empty(entry: Entry) -> Iterator[Fault]:
    for field in entry.blanks:
        yield entry.fault("empty_text", field, "is empty.", "Write it.")


def _copied(entry: Entry, key: str) -> Iterator[Fault]:
    if run := copied_words(entry.statement, key):
        what = f"the statement copies the bullet: “{run}”."
        yield entry.fault("copied_statement", "statement", what, "Say in own words what a candidate does.")


def _leaking(entry: Entry, key: str, public: frozenset[str]) -> Iterator[Fault]:
    if leaked := leaked_words(entry.probe, key, public):
        what = f"the probe repeats words of its key: {_listed(leaked)}."
        yield entry.fault("leaking_probe", "probe", what, f"Ask without {_listed(leaked)}.")
    leaked = leaked_words(entry.probe, entry.statement, public)
    if len(leaked) >= SHARED_WITH_STATEMENT:
        what = f"the probe repeats {len(leaked)} words of its statement: {_listed(leaked)}."
        yield entry.fault("leaking_probe", "probe", what, f"Keep fewer than {SHARED_WITH_STATEMENT} of them.")
    if entry.probe.count("?") > 1:
        yield entry.fault("two_questions", "probe", "the probe asks more than one question.", "Keep one of them.")


def _same_probes(entries: Sequence[Entry], of: str) -> Iterator[Fault]:
    """Faults of one file; the others are there to compare with."""
    first: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        said = tuple(words(entry.probe))
        earlier = first.setdefault(said, entry)
        if said and earlier is not entry and entry.file == of:
            what = f"the probe is that of {earlier.bullet or f'criteria[{earlier.index}]'}."
            yield entry.fault("same_probe", "probe", what, "Ask something else.")


def _doubled_phrasings(entry: Entry) -> Iterator[Fault]:
    first: dict[tuple[str, ...], str] = {}
    for field in ("accepted", "near_misses"):
        for place, text in enumerate(getattr(entry, field)):
            said, here = tuple(words(text)), f"{field}[{place}]"
            earlier = first.setdefault(said, here)
            if said and earlier != here:
                yield entry.fault("doubled_phrasing", here, f"stands in {earlier} already.", "Remove one.")


def _listed(found: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in found)
