"""Whether an eval set is large and even enough to say something."""

from collections import Counter
from collections.abc import Iterator, Sequence

from interviewer.evaluation.evalset import ANSWERS, QUERIES, SMOKE, EvalQuery, Kind
from interviewer.evaluation.evalset_fault import Checked, EvalFault
from interviewer.scenario import DrillDocument

MIN_SCENARIO_QUERIES, MIN_KIND_SHARE = 20, 0.05
UNANSWERABLE_SHARE = (0.13, 0.17)
MIN_QUERIES, MIN_ANSWERS, SMOKE_QUERIES = 400, 150, 30


def find_balance_faults(checked: Checked) -> Iterator[EvalFault]:
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


def _coverage_faults(checked: Checked, queries: Sequence[EvalQuery]) -> Iterator[EvalFault]:
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


def _needed(scenario: int | None) -> set[Kind]:
    """The preamble has neither symptoms nor neighbours."""
    of_scenario = {Kind.SYMPTOM, Kind.CONFUSABLE} if scenario is not None else set()
    return {Kind.DIRECT, Kind.PARAPHRASE, Kind.MULTI_SECTION, Kind.FOLLOW_UP} | of_scenario


def find_smoke_faults(checked: Checked) -> Iterator[EvalFault]:
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
