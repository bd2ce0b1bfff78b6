"""A batch over real files with a judge whose verdicts are written down."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from interviewer.batch.local import Order, grade_batch
from interviewer.errors import InputError
from interviewer.grading.grader import Grader
from interviewer.grading.report import parse_scorecard
from interviewer.grading.scripted import ScriptedJudge
from interviewer.grading.summary import Failed, Graded
from interviewer.rubric import Rubric
from interviewer.transcript import Transcript
from interviewer.verdict import Judgement
from tests.grading.judged import document, rubrics

SAID = "I'd compare payloads, then roll back."
NEEDLE = "Which scenario this is, only the words tell"


def talk(scenario: int | None = 1, question: str = "What now?", name: str = "talk") -> str:
    turns = [{"role": "interviewer", "text": question}, {"role": "candidate", "text": SAID}]
    return json.dumps({"id": name, "turns": turns} | ({"scenario": scenario} if scenario else {}))


def route(words: str) -> Sequence[int]:
    return [4] if NEEDLE in words else []


def grader(judge: object = None) -> Grader:
    scripted = ScriptedJudge({"s01.inspect.2": ("met", "compare payloads")})
    assert judge is None or isinstance(judge, BreaksOnce)
    return Grader(document(), rubrics(), judge or scripted, route)


class BreaksOnce:
    """A judge with a fault of its own in the transcript of that name."""

    identity = "breaks@1"

    def __init__(self, name: str, error: BaseException) -> None:
        self._name, self._error = name, error

    def judge(self, transcript: Transcript, rubric: Rubric) -> tuple[Judgement, ...]:
        if transcript.id == self._name:
            raise self._error
        return ScriptedJudge({}).judge(transcript, rubric)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    return folder


def test_good_ones_are_graded_and_broken_ones_reported(talks: Path, tmp_path: Path) -> None:
    (talks / "a.json").write_text(talk(name="a"))
    (talks / "b.json").write_text("{")
    (talks / "c.txt").write_text(f"Scenario: 1\nInterviewer: What now?\nCandidate: {SAID}\n")
    rows = grade_batch(Order([talks], tmp_path / "out"), grader())
    assert [row.kind for row in rows] == ["graded", "failed", "graded"]
    assert isinstance(rows[1], Failed)
    assert rows[1].path.endswith("b.json")
    assert "is not JSON" in rows[1].what
    first = rows[0]
    assert isinstance(first, Graded)
    card = parse_scorecard((tmp_path / "out" / first.paths["json"]).read_text(encoding="utf-8"))
    assert (card.met, card.provenance.judge) == (1, "scripted@1")
    assert "compare payloads" in (tmp_path / "out" / first.paths["html"]).read_text(encoding="utf-8")
    assert "compare payloads" in (tmp_path / "out" / first.paths["md"]).read_text(encoding="utf-8")
    table = list(csv.DictReader((tmp_path / "out" / "summary.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["status"] for row in table] == ["graded", "failed", "graded"]
    overview = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="a.html"' in overview
    assert "b.json" in overview


def test_same_names_do_not_overwrite_each_other(talks: Path, tmp_path: Path) -> None:
    (talks / "many.jsonl").write_text(
        "\n".join(talk(name=name) for name in ("x", "X", "x", "../x", "index", "con", ""))
    )
    rows = grade_batch(Order([talks], tmp_path / "out"), grader())
    names = [row.paths["json"] for row in rows if isinstance(row, Graded)]
    assert len({name.lower() for name in names}) == 7
    assert all((tmp_path / "out" / name).is_file() for name in names)
    assert {"index.json", "con.json"}.isdisjoint(names)


def test_reports_of_an_earlier_run_are_no_transcripts(talks: Path) -> None:
    (talks / "a.json").write_text(talk())
    order = Order([talks], talks / "reports")
    grade_batch(order, grader())
    assert [row.kind for row in grade_batch(order, grader())] == ["graded"]


def test_the_scenario_comes_from_the_file_the_words_the_order_or_a_person(talks: Path, tmp_path: Path) -> None:
    (talks / "a.json").write_text(talk(2))
    (talks / "b.json").write_text(talk(None, NEEDLE))
    (talks / "c.json").write_text(talk(None))
    asked = []

    def ask(transcript: Transcript) -> int | None:
        asked.append(transcript.source)
        return 7

    def scenarios(order: Order) -> list[object]:
        return [row.scenario if isinstance(row, Graded) else row.next_step for row in grade_batch(order, grader())]

    assert scenarios(Order([talks], tmp_path / "1")) == [2, 4, "Give --scenario N, or `scenario` in the file."]
    assert scenarios(Order([talks], tmp_path / "2", scenario=5)) == [2, 5, 5]
    assert scenarios(Order([talks], tmp_path / "3", ask=ask)) == [2, 4, 7]
    assert asked == [str(talks / "c.json")]


def test_guesses_are_said_in_the_report(talks: Path, tmp_path: Path) -> None:
    (talks / "a.txt").write_text(f"Dana: {NEEDLE}?\nLee: {SAID}\nDana: Why?\nLee: Because.\n")
    (row,) = grade_batch(Order([talks], tmp_path / "out"), grader())
    assert isinstance(row, Graded)
    assert row.warnings == (
        "Scenario 4 was told from the interviewer's words.",
        "Who is who was guessed: Dana as interviewer, Lee as candidate.",
    )


def test_a_scenario_without_a_rubric_is_told(talks: Path, tmp_path: Path) -> None:
    (talks / "a.json").write_text(talk(99))
    (row,) = grade_batch(Order([talks], tmp_path / "out"), grader())
    assert isinstance(row, Failed)
    assert "no rubric for 99" in row.what


def test_a_fault_of_ours_costs_one_transcript(talks: Path, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (talks / f"{name}.json").write_text(talk(name=name))
    rows = grade_batch(Order([talks], tmp_path / "out"), grader(BreaksOnce("b", ZeroDivisionError("oops"))))
    assert [row.kind for row in rows] == ["graded", "failed", "graded"]
    assert isinstance(rows[1], Failed)
    assert "ZeroDivisionError: oops" in rows[1].what


def test_what_was_graded_is_kept_when_the_run_is_broken_off(talks: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (talks / f"{name}.json").write_text(talk(name=name))
    with pytest.raises(KeyboardInterrupt):
        grade_batch(Order([talks], tmp_path / "out"), grader(BreaksOnce("b", KeyboardInterrupt())))
    table = list(csv.DictReader((tmp_path / "out" / "summary.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["id"] for row in table] == ["a"]


def test_an_empty_folder_and_a_missing_file_are_told(talks: Path, tmp_path: Path) -> None:
    rows = grade_batch(Order([talks, tmp_path / "none.json"], tmp_path / "out"), grader())
    assert [row.what for row in rows if isinstance(row, Failed)] == [
        "holds no transcript.",
        "cannot be read (No such file or directory).",
    ]


def test_progress_counts_files(talks: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (talks / f"{name}.json").write_text(talk(name=name))
    told: list[tuple[int, int, str]] = []
    grade_batch(Order([talks], tmp_path / "out"), grader(), lambda *step: told.append(step))
    assert told == [(0, 2, "a.json"), (1, 2, "b.json"), (2, 2, "")]


def test_a_folder_that_cannot_be_made_is_told(talks: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match="cannot be made"):
        grade_batch(Order([talks], tmp_path / "out"), grader())
