"""Every fault of an eval set at once."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from interviewer.evaluation.evalset import ANSWERS, JUDGED, QRELS, QUERIES, EvalQrel, EvalQuery, Kind, read_rows
from interviewer.evaluation.evalset_fault import Checked, EvalFault
from interviewer.evaluation.evalset_spread import find_balance_faults, find_smoke_faults
from interviewer.evaluation.places import find_places
from interviewer.index.lexical import tokenize
from interviewer.scenario import DrillDocument

NEAR = 0.8  # shared part of two queries' stems from which on they count as one
REFERENCE_SENTENCES = (2, 4)

_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")


def lint_evalset(folder: Path, document: DrillDocument) -> tuple[EvalFault, ...]:
    """Every fault of a folder's eval set against the drill document it is about; none when clean.

    Never raises for what the files hold: a row that cannot be used is a fault, and the others are still checked.
    """
    rows = read_rows(folder)
    known = {query.id: query for _, query in reversed(rows.queries)}
    checked = Checked(rows, known, find_places(document), document, folder)
    return (
        *(EvalFault(kind="unreadable", place=fault.where, what=fault.what) for fault in rows.faults),
        *_query_faults(checked),
        *_near_duplicates(checked),
        *_qrel_faults(checked),
        *_judged_faults(checked),
        *_judging_faults(checked),
        *_answer_faults(checked),
        *find_balance_faults(checked),
        *find_smoke_faults(checked),
    )


def _query_faults(checked: Checked) -> Iterator[EvalFault]:
    numbers = {scenario.number for scenario in checked.document.scenarios}
    ids: set[str] = set()
    for line, query in checked.rows.queries:
        if query.id in ids:
            yield checked.fault("doubled_id", QUERIES, f"“{query.id}” stands twice.", line, "id")
        ids.add(query.id)
        for number in (query.scenario, *query.also):
            if number is not None and number not in numbers:
                yield checked.fault(
                    "unknown_scenario", QUERIES, f"the document has no scenario {number}.", line, "scenario"
                )


def _near_duplicates(checked: Checked) -> Iterator[EvalFault]:
    """Pairs whose words (with those of their history) are the same, or nearly."""
    seen = [(line, query.id, *_words(query)) for line, query in checked.rows.queries]
    for (_, first, text, own), (line, second, again, other) in combinations(seen, 2):
        if text == again:
            yield checked.fault("doubled_text", QUERIES, f"{second} asks what {first} asks.", line, "text")
        elif (shared := len(own & other)) and shared >= NEAR * (len(own) + len(other) - shared):
            what = f"{second} has nearly the words of {first}."
            yield checked.fault("near_duplicate", QUERIES, what, line, "text")


def _words(query: EvalQuery) -> tuple[str, frozenset[str]]:
    """Text and stems of a query with its history."""
    text = " ".join(" ".join([*(said.text for said in query.history), query.text]).casefold().split())
    return text, frozenset(tokenize(text))


def _qrel_faults(checked: Checked) -> Iterator[EvalFault]:
    seen: set[tuple[str, str]] = set()
    name = Path(checked.document.path).name
    for line, qrel in checked.rows.qrels:
        query = checked.known.get(qrel.query)
        if query is None:
            yield checked.fault("unknown_query", QRELS, f"there is no query “{qrel.query}”.", line, "query")
        elif not query.answerable:
            what = f"{qrel.query} is said to be unanswerable."
            yield checked.fault("qrel_of_unanswerable", QRELS, what, line, "query")
        if (qrel.query, qrel.bullet) in seen:
            what = f"{qrel.bullet} is judged twice for {qrel.query}."
            yield checked.fault("doubled_qrel", QRELS, what, line, "bullet")
        seen.add((qrel.query, qrel.bullet))
        if qrel.doc != name:
            yield checked.fault("unknown_document", QRELS, f"“{qrel.doc}” is not {name}.", line, "doc")
        yield from _span_faults(checked, line, qrel)


def _span_faults(checked: Checked, line: int, qrel: EvalQrel) -> Iterator[EvalFault]:
    place = checked.places.get(qrel.bullet)
    if place is None:
        what = f"the document has no passage “{qrel.bullet}”."
        yield checked.fault("unknown_bullet", QRELS, what, line, "bullet")
        return
    if qrel.section != place.section:
        what = f"{qrel.bullet} stands in {place.section}, not in {qrel.section}."
        yield checked.fault("wrong_section", QRELS, what, line, "section")
    found = checked.document.source[qrel.start : qrel.end]
    if (qrel.start, qrel.end) != (place.start, place.end):
        what = f"{qrel.bullet} stands at {place.start}-{place.end}; at the span stands “{found[:60]}”."
        yield checked.fault("wrong_span", QRELS, what, line, "start")


def _judged_faults(checked: Checked) -> Iterator[EvalFault]:
    relevant = {(qrel.query, qrel.bullet) for _, qrel in checked.rows.qrels}
    seen: set[str] = set()
    for line, judged in checked.rows.judged:
        if judged.query not in checked.known:
            yield checked.fault("unknown_query", JUDGED, f"there is no query “{judged.query}”.", line, "query")
        if judged.query in seen:
            yield checked.fault("doubled_judgement", JUDGED, f"{judged.query} stands twice.", line, "query")
        seen.add(judged.query)
        for bullet in judged.irrelevant:
            if bullet not in checked.places:
                what = f"the document has no passage “{bullet}”."
                yield checked.fault("unknown_bullet", JUDGED, what, line, "irrelevant")
            if (judged.query, bullet) in relevant:
                what = f"{bullet} is in {QRELS} too."
                yield checked.fault("relevant_and_not", JUDGED, what, line, "irrelevant")


def _judging_faults(checked: Checked) -> Iterator[EvalFault]:
    """Answerable queries that are not judged as their kind asks for."""
    judged: dict[str, list[EvalQrel]] = {}
    for _, qrel in checked.rows.qrels:
        judged.setdefault(qrel.query, []).append(qrel)
    for line, query in checked.rows.queries:
        if not query.answerable:
            continue
        own = judged.get(query.id, [])
        best = [qrel for qrel in own if qrel.grade == 2]
        if not own:
            yield checked.fault("no_qrel", QUERIES, f"{query.id} has no passage in {QRELS}.", line, "id")
        elif not best:
            yield checked.fault("no_answering_qrel", QUERIES, f"{query.id} has no passage of grade 2.", line, "id")
        elif query.scenario and not any(qrel.bullet.startswith(f"s{query.scenario:02d}.") for qrel in best):
            what = f"{query.id} has no passage of grade 2 in scenario {query.scenario}."
            yield checked.fault("no_qrel_in_scenario", QUERIES, what, line, "scenario")
        elif query.kind is Kind.MULTI_SECTION and len({qrel.section for qrel in best}) < 2:
            what = f"{query.id} has passages of grade 2 in one section only."
            yield checked.fault("one_section", QUERIES, what, line, "kind")


def _answer_faults(checked: Checked) -> Iterator[EvalFault]:
    judged = {(qrel.query, qrel.bullet) for _, qrel in checked.rows.qrels}
    seen: set[str] = set()
    for line, answer in checked.rows.answers:
        query = checked.known.get(answer.query)
        if query is None:
            yield checked.fault("unknown_query", ANSWERS, f"there is no query “{answer.query}”.", line, "query")
        elif not query.answerable:
            what = f"{answer.query} is said to be unanswerable."
            yield checked.fault("answer_of_unanswerable", ANSWERS, what, line, "query")
        if answer.query in seen:
            yield checked.fault("doubled_answer", ANSWERS, f"{answer.query} is answered twice.", line, "query")
        seen.add(answer.query)
        for bullet in answer.bullets:
            if (answer.query, bullet) not in judged:
                what = f"{bullet} is not among the passages of {answer.query}."
                yield checked.fault("bullet_not_in_qrels", ANSWERS, what, line, "bullets")
        sentences = len(_SENTENCE_END.findall(answer.reference))
        if not REFERENCE_SENTENCES[0] <= sentences <= REFERENCE_SENTENCES[1]:
            what = "has {} sentences; {} to {} are meant.".format(sentences, *REFERENCE_SENTENCES)
            yield checked.fault("reference_length", ANSWERS, what, line, "reference")
