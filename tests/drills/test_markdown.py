from pathlib import Path

import pytest

from interviewer.drills.parse import parse_drills
from interviewer.drills.read import read_drills
from interviewer.scenario import DrillDocument, Scenario, SectionKind

DOCUMENT = Path(__file__).with_name("storefront.md")


@pytest.fixture(scope="module")
def document() -> DrillDocument:
    return read_drills(DOCUMENT)


@pytest.fixture(scope="module")
def search(document: DrillDocument) -> Scenario:
    return document.scenarios[0]


def texts(scenario: Scenario, kind: SectionKind) -> list[str]:
    return [bullet.text for bullet in scenario.bullets if bullet.kind is kind]


def test_scenarios_titles_and_prompts(document: DrillDocument) -> None:
    assert document.title == "Storefront ML drills"
    assert [(one.number, one.title) for one in document.scenarios] == [
        (1, "Search ranking returns yesterday's catalogue"),
        (7, "Basket model answers slowly"),
    ]
    assert document.scenarios[0].prompt == (
        "Shoppers report that products launched today cannot be found, although the ranking service is healthy."
        "\n\nSales are down eight percent."
    )
    assert document.scenarios[1].prompt == "The basket model's p99 went from 80 ms to 900 ms overnight."


def test_close_section_names_are_understood(document: DrillDocument) -> None:
    assert [(one.heading, one.kind.value) for one in document.scenarios[0].sections] == [
        ("What To Inspect First", "inspect"),
        ("Checks You Can Name", "checks"),
        ("Metrics & Signals", "metrics"),
        ("Root Causes", "causes"),
        ("Strong Mitigation & Prevention", "mitigate"),
        ("Follow-ups", "followup"),
        ("Second Follow-Up Questions", "followup"),
    ]


def test_continued_and_nested_lines_belong_to_their_bullet(search: Scenario) -> None:
    assert texts(search, SectionKind.INSPECT) == [
        "age of the newest document in the index",
        "lag of the catalogue_updates topic by partition",
        "the ingest dashboard: consumer lag; dead letters",
    ]
    assert search.sections[0].text == "Start at the index, then walk upstream:"


def test_commands_of_a_code_block_are_bullets(search: Scenario) -> None:
    assert texts(search, SectionKind.CHECKS) == [
        "curl -s search/_count | jq .count",
        "kafka-consumer-groups --describe --group ingest",
        "kubectl logs deploy/ingest --since=1h",
    ]


def test_marks_are_taken_off_and_subheadings_stay_inside(search: Scenario) -> None:
    assert texts(search, SectionKind.METRICS) == ["freshness of the index", "share of queries without a result"]
    assert texts(search, SectionKind.CAUSES) == [
        "a consumer stuck on a poison message",
        "an alias that still points at yesterday's index; see runbook",
        "clock skew on the ingest host",
    ]
    assert texts(search, SectionKind.MITIGATE)[0] == "skip the poison message into dead_letters"


def test_two_sections_of_one_kind_share_the_count(search: Scenario) -> None:
    assert [bullet.id for bullet in search.follow_ups] == ["s01.followup.1", "s01.followup.2"]


def test_a_section_of_paragraphs_has_them_as_bullets(document: DrillDocument) -> None:
    section = document.scenarios[1].section(SectionKind.PREVENT)
    assert section is not None
    assert [bullet.text for bullet in section.bullets] == ["Load tests with real basket sizes before each promotion."]


def test_preamble_before_and_after_the_scenarios(document: DrillDocument) -> None:
    preamble = document.preamble
    assert preamble.answer_steps == ("Say what is broken for whom.", "Say what you would do first.")
    assert [(group.name, group.signals) for group in preamble.signal_groups] == [
        ("Serving", ("p99 latency", "error rate")),
        ("Data", ("freshness", "null rate")),
    ]
    assert preamble.seniority_signals == ("They count users before pods.",)


def test_comments_footer_and_commentary_are_nowhere(document: DrillDocument) -> None:
    content = document.model_dump_json(exclude={"source"})
    for unwanted in ("Not a scenario", "Last updated", "in May", "platform team", "compare counts"):
        assert unwanted not in content


def test_line_ends_make_no_difference(document: DrillDocument) -> None:
    windows = parse_drills(document.source.replace("\n", "\r\n"))
    assert [(one.id, one.text, one.line) for one in windows.bullets] == [
        (one.id, one.text, one.line) for one in document.bullets
    ]


def test_spans_hold_the_raw_text(document: DrillDocument) -> None:
    raw = {bullet.id: document.source[bullet.start : bullet.end] for bullet in document.bullets}
    assert raw["s01.inspect.1"] == "age of the newest document in the index"
    assert raw["s01.inspect.2"] == "lag of the `catalogue_updates` topic\n   by partition"
    assert raw["s01.checks.3"] == "`kubectl logs deploy/ingest --since=1h`"


@pytest.mark.parametrize(
    "text",
    [
        "### Scenario 3 - Drift\nThe input moved.\n#### Root Causes\n- a",
        "# Scenario 3: Drift\n\nThe input moved.\n\n# Root Causes\n\n- a",
        "**Scenario 3: Drift**\n\n**Prompt:** The input moved.\n\n**Root Causes**\n\n- a",
        "Scenario 3: Drift\n---\nThe input moved.\n\nRoot Causes\n---\n- a\n",
        "## 🚨 SCENARIO #3: Drift ##\nPrompt: The input moved.\n### Likely root causes:\n1) a",
        "Scenario 3: Drift\nPrompt\nThe input moved.\nLikely Root Causes\n• a",
        "Scenario 3. Drift\n\nPrompt: The input\nmoved.\n\nLikely root causes:\n\n\ta\n\n• a".replace("\ta\n\n", ""),
    ],
)
def test_ways_to_mark_headings(text: str) -> None:
    (scenario,) = parse_drills(text).scenarios
    assert (scenario.number, scenario.title, scenario.prompt) == (3, "Drift", "The input moved.")
    assert [bullet.id for bullet in scenario.bullets] == ["s03.causes.1"]
    assert scenario.bullets[0].text == "a"
