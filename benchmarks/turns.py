"""What a turn of the offline interview costs: scoring alone; with policy, wording, leak guard and the write to disk."""

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import ROOT, Row, p95
from interviewer.desk import Desk
from interviewer.grading.turns import EmbeddedTurnScorer
from interviewer.settings import Settings
from interviewer.wiring import open_desk, open_judge, open_rubrics

SCENARIOS = range(2, 13)
PLAYS = 3
TARGET_MS = 120.0


def turn_row(data_dir: str) -> Row:
    """p95 over the answers of one gold transcript per scenario, in one process whose first interview is not counted.

    Each interview is played `PLAYS` times and the middle cost of a turn counts: neighbours of the machine cost as well.
    """
    # a desk for each play: one that has seen an answer remembers what it is worth
    desks = [open_desk(Settings(data_dir=Path(data_dir))) for _ in range(PLAYS)]
    for desk in desks:
        tuple(turn_costs_ms(desk, 1))
    costs = []
    for number in SCENARIOS:
        plays = [tuple(turn_costs_ms(desk, number)) for desk in desks]
        costs += [statistics.median(turn) for turn in zip(*plays, strict=True)]
    figure = p95(costs)
    what = f"offline turn, p95 of {len(costs)} (median {sorted(costs)[len(costs) // 2]:.0f} ms)"
    return Row(what, f"{figure:.0f} ms CPU", f"<= {TARGET_MS:.0f} ms CPU", figure <= TARGET_MS)


def coverage_row() -> Row:
    """p95 of scoring one answer against the criteria of its drill, judge open; the middle of `PLAYS` runs counts."""
    settings = Settings()
    judge, rubrics = open_judge(settings), open_rubrics(settings)
    costs = []
    for number in (1, *SCENARIOS):
        scorer = EmbeddedTurnScorer(judge, rubrics[number])
        for text in answers(number):
            runs = []
            for _ in range(PLAYS):
                begun = time.process_time()
                scorer.score(text)
                runs.append((time.process_time() - begun) * 1000)
            costs.append(statistics.median(runs))
    figure = p95(costs[1:])
    what = f"live coverage of one turn, p95 of {len(costs) - 1} (median {statistics.median(costs):.0f} ms)"
    return Row(what, f"{figure:.0f} ms CPU", f"<= {TARGET_MS:.0f} ms CPU", figure <= TARGET_MS)


def turn_costs_ms(desk: Desk, scenario: int) -> Iterator[float]:
    """CPU milliseconds of each turn of an interview in which a gold candidate's answers are given."""
    session = desk.start(scenario, mode="real", level="senior", minutes=60)
    tuple(session.reply())
    for number, text in enumerate(answers(scenario)):
        if session.state.phase != "interview":
            return
        begun = time.process_time()
        tuple(session.answer(text, f"turn-{number}"))
        yield (time.process_time() - begun) * 1000


def answers(scenario: int) -> list[str]:
    path = ROOT / "evals" / "gold" / "dev" / f"dev-s{scenario:02d}-a.json"
    turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
    return [turn["text"] for turn in turns if turn["role"] == "candidate"]
