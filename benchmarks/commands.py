"""What the commands cost: help, find, index build, grading."""

import json
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, Row, interviewer, measure_command, median_cost

WORDS_IN_A_TRANSCRIPT = 900
JUDGE = ROOT / "interviewer/grading/assets/embedded-judge-3"


def help_row() -> Row:
    cost = median_cost(interviewer("--help"))
    return Row("`interviewer --help`", f"{cost.cpu_s:.2f} s CPU", "<= 0.5 s CPU", cost.cpu_s <= 0.5)


def find_row(data_dir: str) -> Row:
    command = interviewer("find", "answers got worse after we re-embedded the corpus", "--json")
    cost = median_cost(command, prepare=lambda: {"INTERVIEWER_DATA_DIR": data_dir})
    return Row("`interviewer find`, cold process", f"{cost.cpu_s:.2f} s CPU", "<= 2.5 s CPU", cost.cpu_s <= 2.5)


def build_row() -> Row:
    cost = median_cost(
        interviewer("index", "build"), runs=3, prepare=lambda: {"INTERVIEWER_DATA_DIR": tempfile.mkdtemp()}
    )
    return Row("`interviewer index build`, from nothing", f"{cost.cpu_s:.2f} s CPU", "<= 6 s CPU", cost.cpu_s <= 6.0)


def grading_rows(data_dir: str) -> list[Row]:
    """Cost of one more transcript: a long batch less a short one, divided by the words that it has more."""
    folder = ROOT / "evals" / "gold" / "dev"
    paths = sorted(path for path in folder.glob("*.json") if not path.name.endswith(".labels.json"))
    environment = {"INTERVIEWER_DATA_DIR": data_dir}

    def grade(batch: list[Path]) -> tuple[float, float]:
        command = interviewer("grade", *map(str, batch), "--out", tempfile.mkdtemp())
        cost = measure_command(command, environment)
        return cost.cpu_s, cost.peak_mb

    grade(paths[:1])  # warms caches
    short_s, _ = grade(paths[:2])
    long_s, peak_mb = grade(paths)
    words = sum(map(word_count, paths[2:]))
    per_transcript_s = (long_s - short_s) / words * WORDS_IN_A_TRANSCRIPT
    shipped_mb = sum(path.stat().st_size for path in sorted(JUDGE.iterdir())) / 1e6
    return [
        Row("the embedded judge's files", f"{shipped_mb:.1f} MB", "<= 30 MB", shipped_mb <= 30),
        Row("grading, per 900 words", f"{per_transcript_s:.2f} s CPU", "<= 1.0 s CPU", per_transcript_s <= 1.0),
        Row(f"grading, peak memory of a batch of {len(paths)}", f"{peak_mb:.0f} MB", "<= 500 MB", peak_mb <= 500),
    ]


def word_count(path: Path) -> int:
    """Words of both sides of a transcript."""
    return sum(len(turn["text"].split()) for turn in json.loads(path.read_text(encoding="utf-8"))["turns"])
