"""Each fault, planted in a good folder, is found, with its file and field, and nothing else is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.rubrics.fault import FaultKind
from interviewer.rubrics.lint import lint_rubrics
from interviewer.scenario import Preamble
from tests.rubrics.stage import criterion, good_rubrics, lint, small_document, write_rubrics

Rubrics = dict[str, dict[str, Any]]
Plant = Callable[[Rubrics], object]


def set_in(*path: str | int, to: Any) -> Plant:
    """Plants a value at a place such as ("s01.yaml", "criteria", 0, "weight")."""

    def plant(rubrics: Rubrics) -> None:
        place: Any = rubrics
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return plant


def first(field: str, to: Any) -> Plant:
    return set_in("s01.yaml", "criteria", 0, field, to=to)


PLANTED: list[tuple[FaultKind, str, str, Plant]] = [
    ("missing_file", "s02.yaml", "", lambda rubrics: rubrics.pop("s02.yaml")),
    ("missing_file", "shared.yaml", "", lambda rubrics: rubrics.pop("shared.yaml")),
    ("stray_file", "s07.yaml", "", lambda r: r.update({"s07.yaml": dict(r["s01.yaml"], scenario=7, criteria=[])})),
    ("stray_file", "s1.yaml", "", lambda rubrics: rubrics.update({"s1.yaml": {}})),
    ("stray_file", "notes.yml", "", lambda rubrics: rubrics.update({"notes.yml": {}})),
    ("wrong_scenario", "s01.yaml", "scenario", set_in("s01.yaml", "scenario", to=2)),
    ("schema_version", "s01.yaml", "schema_version", set_in("s01.yaml", "schema_version", to=2)),
    ("schema_version", "s01.yaml", "schema_version", set_in("s01.yaml", "schema_version", to="1")),
    ("schema_version", "shared.yaml", "schema_version", set_in("shared.yaml", "schema_version", to=0)),
    ("bad_value", "s01.yaml", "rubric_version", set_in("s01.yaml", "rubric_version", to=0)),
    ("unknown_key", "s01.yaml", "author", set_in("s01.yaml", "author", to="me")),
    ("unknown_key", "s01.yaml", "criteria[0].wieght", first("wieght", 1)),
    ("unknown_key", "shared.yaml", "hint_caps.nudge", set_in("shared.yaml", "hint_caps", "nudge", to=0.5)),
    ("missing_key", "s01.yaml", "criteria[0].probe", lambda r: r["s01.yaml"]["criteria"][0].pop("probe")),
    ("missing_key", "s01.yaml", "rubric_version", lambda r: r["s01.yaml"].pop("rubric_version")),
    ("missing_key", "s01.yaml", "criteria", lambda r: r["s01.yaml"].pop("criteria")),
    (
        "missing_key",
        "shared.yaml",
        "competencies[3].anchors.level_4",
        lambda r: r["shared.yaml"]["competencies"][3]["anchors"].pop("level_4"),
    ),
    ("wrong_type", "s01.yaml", "criteria[0].statement", first("statement", 5)),
    ("wrong_type", "s01.yaml", "criteria[0].accepted", first("accepted", "too full")),
    ("wrong_type", "s01.yaml", "criteria[0].near_misses[0]", first("near_misses", [{"it": "is slow"}])),
    ("wrong_type", "s01.yaml", "criteria[0].partial", first("partial", None)),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", 0)),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", -1.5)),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", "heavy")),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", "1.0")),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", True)),
    ("bad_weight", "s01.yaml", "criteria[0].weight", first("weight", 11)),
    ("bad_weight", "shared.yaml", "competencies[0].weight", set_in("shared.yaml", "competencies", 0, "weight", to=0)),
    ("unknown_competency", "s01.yaml", "criteria[0].competency", first("competency", "charm")),
    ("missing_bullet", "s01.yaml", "criteria", lambda r: r["s01.yaml"]["criteria"].pop(1)),
    ("missing_bullet", "shared.yaml", "criteria", lambda r: r["shared.yaml"]["criteria"].pop(0)),
    (
        "doubled_bullet",
        "s01.yaml",
        "criteria[3].bullet",
        lambda r: r["s01.yaml"]["criteria"].append(criterion("s01.cover.1", "Another one?")),
    ),
    (
        "unknown_bullet",
        "s01.yaml",
        "criteria[3].bullet",
        lambda r: r["s01.yaml"]["criteria"].append(criterion("s01.cover.9", "Another one?")),
    ),
    (
        "unknown_bullet",
        "s01.yaml",
        "criteria[3].bullet",
        lambda r: r["s01.yaml"]["criteria"].append(criterion("s01.followup.1", "Another one?")),
    ),
    (
        "unknown_bullet",
        "shared.yaml",
        "criteria[3].bullet",
        lambda r: r["shared.yaml"]["criteria"].append(criterion("shared.step.2", "Another one?")),
    ),
    ("empty_text", "s01.yaml", "criteria[0].statement", first("statement", " ")),
    ("empty_text", "s01.yaml", "criteria[0].probe", first("probe", "")),
    ("empty_text", "s01.yaml", "criteria[0].accepted[1]", first("accepted", ["fine", ""])),
    ("empty_text", "shared.yaml", "competencies[1].title", set_in("shared.yaml", "competencies", 1, "title", to="")),
    (
        "empty_text",
        "shared.yaml",
        "competencies[1].anchors.level_2",
        set_in("shared.yaml", "competencies", 1, "anchors", "level_2", to=" "),
    ),
    (
        "copied_statement",
        "s01.yaml",
        "criteria[0].statement",
        first("statement", "Treats the outage as a capacity matter of the warehouse"),
    ),
    (
        "copied_statement",
        "s01.yaml",
        "criteria[0].statement",
        first("statement", "Must treat an outage as a capacity matter of the warehouse, and say why that is so"),
    ),
    (
        "copied_statement",
        "s01.yaml",
        "criteria[0].statement",
        first("statement", "A warehouse capacity matter is how outages are treated"),
    ),
    ("leaking_probe", "s01.yaml", "criteria[0].probe", first("probe", "How much does the warehouse hold?")),
    ("leaking_probe", "s01.yaml", "criteria[0].probe", first("probe", "How do you treat capacities here?")),
    (
        "leaking_probe",
        "s01.yaml",
        "criteria[2].probe",
        set_in("s01.yaml", "criteria", 2, "probe", to="When did you last roll back?"),
    ),
    ("leaking_probe", "s01.yaml", "criteria[0].probe", first("probe", "What substance do you say is asked at cover?")),
    (
        "leaking_probe",
        "shared.yaml",
        "criteria[0].probe",
        set_in("shared.yaml", "criteria", 0, "probe", to="Which artifact is it?"),
    ),
    ("two_questions", "s01.yaml", "criteria[0].probe", first("probe", "Where does it hurt? Since when?")),
    (
        "same_probe",
        "s01.yaml",
        "criteria[1].probe",
        set_in("s01.yaml", "criteria", 1, "probe", to="where does IT hurt"),
    ),
    ("same_probe", "s01.yaml", "criteria[0].probe", first("probe", "Whom do you call?")),
    ("doubled_phrasing", "s01.yaml", "criteria[0].accepted[1]", first("accepted", ["too full", "Too full!"])),
    ("doubled_phrasing", "s01.yaml", "criteria[0].near_misses[0]", first("near_misses", ["no room left"])),
    ("missing_competency", "shared.yaml", "competencies", lambda r: r["shared.yaml"]["competencies"].pop()),
    (
        "doubled_competency",
        "shared.yaml",
        "competencies[7].id",
        lambda r: r["shared.yaml"]["competencies"].append(dict(r["shared.yaml"]["competencies"][0])),
    ),
    (
        "same_anchors",
        "shared.yaml",
        "competencies[2].anchors.level_4",
        set_in("shared.yaml", "competencies", 2, "anchors", "level_4", to="Behaves like level 3"),
    ),
    (
        "thresholds_order",
        "shared.yaml",
        "thresholds.level_4",
        set_in("shared.yaml", "thresholds", "level_4", to=0.3),
    ),
    ("bad_value", "shared.yaml", "thresholds.level_5", set_in("shared.yaml", "thresholds", "level_5", to=1.2)),
    ("credits_order", "shared.yaml", "credits.met", set_in("shared.yaml", "credits", "met", to=0.4)),
    ("hint_caps_order", "shared.yaml", "hint_caps.pump", set_in("shared.yaml", "hint_caps", "pump", to=0.6)),
    ("missing_expectation", "shared.yaml", "expectations", lambda r: r["shared.yaml"]["expectations"].pop("staff")),
    (
        "missing_key",
        "shared.yaml",
        "expectations.mid.diagnosis",
        lambda r: r["shared.yaml"]["expectations"]["mid"].pop("diagnosis"),
    ),
    (
        "bad_value",
        "shared.yaml",
        "expectations.intern",
        lambda r: r["shared.yaml"]["expectations"].update(intern=r["shared.yaml"]["expectations"]["mid"]),
    ),
    (
        "expectations_order",
        "shared.yaml",
        "expectations.staff.framing",
        set_in("shared.yaml", "expectations", "staff", "framing", to=2),
    ),
]


def test_a_good_folder_is_clean(tmp_path: Path) -> None:
    assert lint(tmp_path, good_rubrics()) == ()


@pytest.mark.parametrize(("kind", "file", "field", "plant"), PLANTED)
def test_a_planted_fault_is_the_only_one_found(
    tmp_path: Path, kind: FaultKind, file: str, field: str, plant: Plant
) -> None:
    rubrics = good_rubrics()
    plant(rubrics)
    found = [(fault.kind, Path(fault.file).name, fault.field) for fault in lint(tmp_path, rubrics)]
    assert found == [(kind, file, field)]


def test_every_kind_of_fault_is_planted_in_some_test() -> None:
    planted = {kind for kind, *_ in PLANTED} | {"unreadable", "foreign_bullet"}
    assert planted == set(get_args(FaultKind))


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    rubrics = good_rubrics()
    criteria = rubrics["s01.yaml"]["criteria"]
    criteria[0] |= {"weight": 0, "colour": "red", "probe": "Is it the warehouse?"}
    criteria[1] |= {"competency": "charm", "statement": ""}
    rubrics["shared.yaml"]["thresholds"]["level_3"] = 0.9
    write_rubrics(tmp_path, rubrics)
    (tmp_path / "s02.yaml").write_text("criteria: [", encoding="utf-8")
    found = lint_rubrics(tmp_path, small_document())
    assert {fault.kind for fault in found} == {
        "bad_weight",
        "unknown_key",
        "leaking_probe",
        "unknown_competency",
        "empty_text",
        "thresholds_order",
        "unreadable",
    }
    assert len(found) == 7


def test_a_criterion_in_the_wrong_file_is_sent_home(tmp_path: Path) -> None:
    rubrics = good_rubrics()
    rubrics["s02.yaml"]["criteria"].append(criterion("s01.cover.1", "Where is this from?"))
    found = lint(tmp_path, rubrics)
    assert [fault.kind for fault in found] == ["foreign_bullet", "doubled_bullet"]
    assert found[0].next_step == "Move the criterion to s01.yaml."
    assert "s01.yaml, criteria[0]" in found[1].what


def test_a_leak_names_the_words(tmp_path: Path) -> None:
    rubrics = good_rubrics()
    first("probe", "Is the capacity of the warehouse enough?")(rubrics)
    [fault] = lint(tmp_path, rubrics)
    assert fault.what == "the probe repeats words of its key: “capacity”, “warehouse”."
    assert fault.bullet == "s01.cover.1"


def test_words_of_title_and_prompt_are_public(tmp_path: Path) -> None:
    document = small_document()
    scenario = document.scenarios[0].model_copy(update={"prompt": "The warehouse is late."})
    document = document.model_copy(update={"scenarios": (scenario, document.scenarios[1])})
    rubrics = good_rubrics()
    first("probe", "How are the warehouses doing?")(rubrics)
    assert lint_rubrics(write_rubrics(tmp_path, rubrics), document) == ()


def test_a_weight_that_is_not_a_number_in_yaml(tmp_path: Path) -> None:
    write_rubrics(tmp_path, good_rubrics())
    path = tmp_path / "s01.yaml"
    for text in (".nan", ".inf", "1" * 400):
        write_rubrics(tmp_path, good_rubrics())
        path.write_text(path.read_text().replace('"weight": 2', f'"weight": {text}'), encoding="utf-8")
        assert [(fault.kind, fault.field) for fault in lint_rubrics(tmp_path, small_document())] == [
            ("bad_weight", "criteria[2].weight")
        ]


def test_a_document_without_advice_may_have_shared_criteria(tmp_path: Path) -> None:
    document = small_document().model_copy(update={"preamble": Preamble(answer_steps=("Pin the artifacts down.",))})
    rubrics = good_rubrics()
    assert lint_rubrics(write_rubrics(tmp_path, rubrics), document) == ()
    rubrics["shared.yaml"]["criteria"].append(criterion("shared.charm.1", "Another one?"))
    assert [fault.kind for fault in lint_rubrics(write_rubrics(tmp_path, rubrics), document)] == ["unknown_bullet"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("a: [1\nb: 2\n", "line 2"),
        ("a: 1\na: 2\n", "line 2"),
        ("criteria: !!python/object/apply:os.system [ls]\n", "line 1"),
        ("a: &a [1, 1]\nb: &b [*a, *a]\n", "line 2"),
        ("criteria: !include /etc/passwd\n", "line 1"),
    ],
)
def test_what_is_not_plain_yaml_is_a_fault_with_its_line(tmp_path: Path, text: str, field: str) -> None:
    write_rubrics(tmp_path, good_rubrics())
    (tmp_path / "s02.yaml").write_text(text, encoding="utf-8")
    [fault] = lint_rubrics(tmp_path, small_document())
    assert (fault.kind, fault.field) == ("unreadable", field)


def test_a_folder_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    [fault] = lint_rubrics(tmp_path / "nowhere", small_document())
    assert fault.kind == "missing_file"


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    rubrics = good_rubrics()
    del rubrics["s02.yaml"]
    (tmp_path / "s02.yaml").mkdir()
    assert [fault.kind for fault in lint(tmp_path, rubrics)] == ["unreadable"]


@given(text=st.text(max_size=120))
def test_any_text_gives_faults(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = write_rubrics(tmp_path_factory.mktemp("rubrics"), good_rubrics())
    (folder / "s02.yaml").write_text(text, encoding="utf-8", errors="ignore")
    assert lint_rubrics(folder, small_document())


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_KEYS = [(name, key) for name, data in good_rubrics().items() for key in data]


@given(place=st.sampled_from(_KEYS), value=_VALUES)
def test_any_value_anywhere_gives_faults_or_none(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str, str], value: Any
) -> None:
    rubrics = good_rubrics()
    rubrics[place[0]][place[1]] = value
    assert all(fault.next_step for fault in lint(tmp_path_factory.mktemp("rubrics"), rubrics))


@given(key=st.sampled_from(["bullet", "statement", "competency", "probe", "weight", "accepted"]), value=_VALUES)
def test_any_value_in_a_criterion_gives_faults_or_none(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: Any
) -> None:
    rubrics = good_rubrics()
    first(key, value)(rubrics)
    assert all(fault.next_step for fault in lint(tmp_path_factory.mktemp("rubrics"), rubrics))
