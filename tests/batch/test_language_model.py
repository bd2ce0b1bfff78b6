"""A batch judged by a language model: order, errors, limits."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.batch.local import Order, grade_batch, read_batch
from interviewer.errors import ModelAuthError, ModelQuotaError, ModelUnavailableError
from interviewer.grading.grader import Grader
from interviewer.grading.meter import Meter
from interviewer.grading.summary import Failed, Graded, Row
from interviewer.models.budget import BudgetedModel
from interviewer.models.cost import Prices
from interviewer.models.language import Ask
from interviewer.models.scripted import Line, ScriptedModel
from tests.grading.honest import answer_by, finding, language_judge
from tests.grading.judged import document, rubrics

NAMES = [f"talk-{number:02d}" for number in range(6)]
CALLS = 7
MET = {"s09.mitigate.1": finding("s09.mitigate.1", "met", "roll back to the previous feature view")}


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    for name in NAMES:
        said = f"This is {name}. I would roll back to the previous feature view."
        turns = [{"role": "interviewer", "text": "What now?"}, {"role": "candidate", "text": said}]
        (folder / f"{name}.json").write_text(json.dumps({"id": name, "scenario": 9, "turns": turns}))
    return folder


def grader(model: ScriptedModel | BudgetedModel, workers: int = 4) -> Grader:
    return Grader(document(), rubrics(), language_judge(model, workers=workers), lambda _: ())


def good(ask: Ask) -> Line:
    return answer_by(MET, ask)


def failing(name: str, error: Exception) -> Callable[[Ask], Line]:
    def reply(ask: Ask) -> Line:
        if f"This is {name}." in ask.messages[1].text:
            raise error
        return good(ask)

    return reply


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def graded(rows: tuple[Row, ...]) -> list[str]:
    return [row.id for row in rows if isinstance(row, Graded)]


def test_several_at_a_time_give_the_same_files_in_the_same_order(talks: Path, tmp_path: Path) -> None:
    one = grade_batch(Order([talks], tmp_path / "one"), grader(ScriptedModel(good)))
    many = grade_batch(Order([talks], tmp_path / "many", workers=5), grader(ScriptedModel(good)))
    assert one == many
    assert graded(one) == NAMES
    assert files(tmp_path / "one") == files(tmp_path / "many")
    card = json.loads((tmp_path / "many" / "talk-00.json").read_text(encoding="utf-8"))
    assert card["provenance"]["tokens"] > 0
    assert "judge@1" in card["provenance"]["prompts"]


@pytest.mark.parametrize("workers", [1, 4])
def test_a_failing_call_costs_its_transcript(talks: Path, tmp_path: Path, workers: int) -> None:
    error = ModelUnavailableError("No connection.", next_step="Try again.")
    model = ScriptedModel(failing("talk-02", error))
    rows = grade_batch(Order([talks], tmp_path / "out", workers=workers), grader(model))
    assert graded(rows) == [name for name in NAMES if name != "talk-02"]
    failed = rows[2]
    assert isinstance(failed, Failed)
    assert (failed.what, failed.next_step) == ("No connection.", "Try again.")


@pytest.mark.parametrize("error", [ModelAuthError("The key is wrong."), ModelQuotaError("Nothing left.")])
def test_without_access_the_rest_is_reported_and_not_asked(talks: Path, tmp_path: Path, error: Exception) -> None:
    model = ScriptedModel(failing("talk-01", error))
    rows = grade_batch(Order([talks], tmp_path / "out"), grader(model, workers=1))
    assert graded(rows) == NAMES[:1]
    assert {row.what for row in rows if isinstance(row, Failed)} == {str(error)}
    assert len(rows) == len(NAMES)
    assert len(model.asked) < 2 * CALLS + 1


@pytest.mark.parametrize("workers", [1, 3])
def test_a_limit_stops_cleanly(talks: Path, tmp_path: Path, workers: int) -> None:
    inner = ScriptedModel(good)
    model = BudgetedModel(inner, len, Prices(), max_calls=3 * CALLS + 2)
    rows = grade_batch(Order([talks], tmp_path / "out", workers=workers), grader(model))
    assert len(rows) == len(NAMES)
    assert 1 <= len(graded(rows)) <= 3
    assert len(inner.asked) == 3 * CALLS + 2
    failed = [row for row in rows if isinstance(row, Failed)]
    assert all("limit of 23 calls" in row.what and "--max-calls" in row.next_step for row in failed)
    for name in graded(rows):
        assert (tmp_path / "out" / f"{name}.html").is_file()


def test_the_estimate_comes_from_what_can_be_read(talks: Path, tmp_path: Path) -> None:
    (talks / "broken.json").write_text("{")
    inner = ScriptedModel(good)
    purse = BudgetedModel(inner, len, Prices(prompt=1.0, completion=2.0))
    judge = language_judge(purse)
    meter = Meter(judge, purse, Prices(prompt=1.0, completion=2.0), len)
    order = Order([talks], tmp_path / "out")
    told = meter.estimate(read_batch(order, Grader(document(), rubrics(), judge, lambda _: ())))
    assert told.startswith(f"Estimate: {len(NAMES) * CALLS} calls, ")
    assert "USD. Assumed: 80 completion tokens per criterion" in told
    assert inner.asked == []
    grade_batch(order, Grader(document(), rubrics(), judge, lambda _: ()))
    assert meter.spent().startswith(f"Used: {len(NAMES) * CALLS} calls, ")
