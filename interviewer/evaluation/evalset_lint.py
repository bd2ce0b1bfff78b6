"""Every fault of an eval set at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal, NamedTuple

from interviewer.evaluation.evalset import (
    ANSWERS,
    QRELS,
    QUERIES,
    SMOKE,
    EvalQrel,
    EvalQuery,
    EvalRows,
    Kind,
    read_rows,
)
from interviewer.evaluation.places import Place, find_places
from interviewer.index.lexical import tokenize
from interviewer.noun import Noun
from interviewer.scenario import DrillDocument

NEAR = 0.8  # shared part of two queries' stems from which on they count as one
MIN_SCENARIO_QUERIES, MIN_KIND_SHARE = 20, 0.05
UNANSWERABLE_SHARE = (0.13, 0.17)
REFERENCE_SENTENCES = (2, 4)
MIN_QUERIES, MIN_ANSWERS, SMOKE_QUERIES = 400, 150, 30

_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")

FaultKind = Literal[
    "unreadable",
    "doubled_id",
    "doubled_text",
    "near_duplicate",
    "unknown_scenario",
    "unknown_query",
    "unknown_bullet",
    "unknown_document",
    "wrong_section",
    "wrong_span",
    "doubled_qrel",
    "qrel_of_unanswerable",
    "no_qrel",
    "no_answering_qrel",
    "no_qrel_in_scenario",
    "one_section",
    "doubled_answer",
    "answer_of_unanswerable",
    "bullet_not_in_qrels",
    "reference_length",
    "too_few",
    "unbalanced_kinds",
    "uncovered_scenario",
    "unanswerable_share",
    "doubled_smoke",
    "smoke_spread",
]


class EvalFault(Noun):
    """What is wrong, and where: `place` is `file`, or `file:line:field`."""

    kind: FaultKind
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class _Checked(NamedTuple):
    """The rows of a folder, with what they refer to."""

    rows: EvalRows
    known: Mapping[str, EvalQuery]
    places: Mapping[str, Place]
    document: DrillDocument
    folder: Path

    def fault(self, kind: FaultKind, file: str, what: str, line: int = 0, field: str = "") -> EvalFault:
        tail = f":{line}:{field}" if line else ""
        return EvalFault(kind=kind, place=f"{self.folder / file}{tail}", what=what)


def lint_evalset(folder: Path, document: DrillDocument) -> tuple[EvalFault, ...]:
    """Every fault of a folder's eval set against the drill document it is about; none when clean.

    Never raises for what the files hold: a row that cannot be used is a fault, and the others are still checked.
    """
    rows = read_rows(folder)
    known = {query.id: query for _, query in reversed(rows.queries)}
    checked = _Checked(rows, known, find_places(document), document, folder)
    return (
        *(EvalFault(kind="unreadable", place=fault.where, what=fault.what) for fault in rows.faults),
        *_query_faults(checked),
        *_near_duplicates(checked),
        *_qrel_faults(checked),
        *_judging_faults(checked),
        *_answer_faults(checked),
        *_balance_faults(checked),
        *_smoke_faults(checked),
    )


def _query_faults(checked: _Checked) -> Iterator[EvalFault]:
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


def _near_duplicates(checked: _Checked) -> Iterator[EvalFault]:
    """Pairs whose words (with those of their history) are the same, or nearly."""
    seen = [(line, query, _stems(query)) for line, query in checked.rows.queries]
    for (_, first, own), (line, second, other) in combinations(seen, 2):
        if _text(first) == _text(second):
            yield checked.fault("doubled_text", QUERIES, f"{second.id} asks what {first.id} asks.", line, "text")
        elif own and other and len(own & other) / len(own | other) >= NEAR:
            what = f"{second.id} has nearly the words of {first.id}."
            yield checked.fault("near_duplicate", QUERIES, what, line, "text")


def _text(query: EvalQuery) -> str:
    return " ".join(" ".join([*(said.text for said in query.history), query.text]).casefold().split())


def _stems(query: EvalQuery) -> frozenset[str]:
    return frozenset(tokenize(_text(query)))


def _qrel_faults(checked: _Checked) -> Iterator[EvalFault]:
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


def _span_faults(checked: _Checked, line: int, qrel: EvalQrel) -> Iterator[EvalFault]:
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


def _judging_faults(checked: _Checked) -> Iterator[EvalFault]:
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


def _answer_faults(checked: _Checked) -> Iterator[EvalFault]:
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


def _balance_faults(checked: _Checked) -> Iterator[EvalFault]:
    queries = [query for _, query in checked.rows.queries]
    for file, count, least in (
        (QUERIES, len(queries), MIN_QUERIES),
        (ANSWERS, len(checked.rows.answers), MIN_ANSWERS),
    ):
        if count < least:
            yield checked.fault("too_few", file, f"holds {count} rows; {least} are meant.")
    kinds = Counter(query.kind for query in queries)
    for kind in Kind:
        if kinds[kind] < MIN_KIND_SHARE * len(queries):
            what = f"{kinds[kind]} of {len(queries)} queries are {kind.value}; at least {MIN_KIND_SHARE:.0%} are meant."
            yield checked.fault("unbalanced_kinds", QUERIES, what)
    share = kinds[Kind.UNANSWERABLE] / max(1, len(queries))
    if not UNANSWERABLE_SHARE[0] <= share <= UNANSWERABLE_SHARE[1]:
        low, high = UNANSWERABLE_SHARE
        what = f"{share:.1%} of the queries are unanswerable; {low:.0%} to {high:.0%} are meant."
        yield checked.fault("unanswerable_share", QUERIES, what)
    yield from _coverage_faults(checked, queries)


def _coverage_faults(checked: _Checked, queries: Sequence[EvalQuery]) -> Iterator[EvalFault]:
    asked = Counter((query.scenario, query.kind) for query in queries if query.answerable)
    for name, number in _strata(checked.document):
        count = sum(asked[number, kind] for kind in Kind)
        if count < MIN_SCENARIO_QUERIES:
            what = f"{count} queries are about {name}; at least {MIN_SCENARIO_QUERIES} are meant."
            yield checked.fault("uncovered_scenario", QUERIES, what)
        missing = [kind.value for kind in Kind if kind in _needed(number) and not asked[number, kind]]
        if missing:
            what = f"no query about {name} is of the kind {', '.join(missing)}."
            yield checked.fault("uncovered_scenario", QUERIES, what)


def _strata(document: DrillDocument) -> Iterator[tuple[str, int | None]]:
    yield "the preamble", None
    for scenario in document.scenarios:
        yield f"scenario {scenario.number}", scenario.number


def _needed(scenario: int | None) -> Iterable[Kind]:
    """The preamble has neither symptoms nor neighbours."""
    of_scenario = {Kind.SYMPTOM, Kind.CONFUSABLE} if scenario is not None else set()
    return {Kind.DIRECT, Kind.PARAPHRASE, Kind.MULTI_SECTION, Kind.FOLLOW_UP} | of_scenario


def _smoke_faults(checked: _Checked) -> Iterator[EvalFault]:
    ids = [row.query for _, row in checked.rows.smoke]
    seen: set[str] = set()
    for line, row in checked.rows.smoke:
        if row.query not in checked.known:
            yield checked.fault("unknown_query", SMOKE, f"there is no query “{row.query}”.", line, "query")
        if row.query in seen:
            yield checked.fault("doubled_smoke", SMOKE, f"“{row.query}” stands twice.", line, "query")
        seen.add(row.query)
    if len(ids) != SMOKE_QUERIES:
        yield checked.fault("smoke_spread", SMOKE, f"holds {len(ids)} queries; {SMOKE_QUERIES} are meant.")
    chosen = [checked.known[one] for one in seen if one in checked.known]
    missing = [name for name, number in _strata(checked.document) if not _asks_about(chosen, number)]
    missing += [kind.value for kind in Kind if all(query.kind is not kind for query in chosen)]
    if missing:
        yield checked.fault("smoke_spread", SMOKE, f"holds no query of {', '.join(missing)}.")


def _asks_about(queries: Sequence[EvalQuery], scenario: int | None) -> bool:
    return any(query.answerable and query.scenario == scenario for query in queries)
