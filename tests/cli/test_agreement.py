import json
import shutil
from pathlib import Path

from tests.cli.test_grade import run
from tests.grading.judged import GOLD

KEYS = {
    "items", "kappa_binary", "kappa", "qwk", "macro_f1", "partial_f1", "auc", "met_rate_bias", "confident", "level_qwk",
    "quotes_verbatim", "intervals", "baselines",
}  # fmt: skip


def copy_gold(folder: Path, *names: str) -> Path:
    for name in names:
        for suffix in (".json", ".labels.json"):
            shutil.copy(GOLD / "dev" / f"{name}{suffix}", folder)
    return folder


def test_figures_of_the_judge_and_of_the_baselines_on_the_same_items(tmp_path: Path) -> None:
    gold = copy_gold(tmp_path, "dev-s02-a", "dev-s02-b", "dev-s09-a")
    done = run(tmp_path, "agreement", "--gold", str(gold), "--rounds", "20", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures) >= KEYS
    assert set(figures["confident"]) >= {"coverage", "kappa"}
    assert set(figures["baselines"]) == {"majority", "bm25", "idf_coverage", "cosine"}
    assert all(one["items"] == figures["items"] for one in figures["baselines"].values())
    assert figures["quotes_verbatim"] == 1.0
    low, high = figures["intervals"]["kappa_binary"]
    assert low <= figures["kappa_binary"] <= high


def test_a_bad_pair_is_reported_and_the_rest_measured(tmp_path: Path) -> None:
    gold = copy_gold(tmp_path, "dev-s02-a", "dev-s09-a")
    rows = json.loads((gold / "dev-s02-a.labels.json").read_text(encoding="utf-8"))
    rows[0]["label"] = "maybe"
    (gold / "dev-s02-a.labels.json").write_text(json.dumps(rows), encoding="utf-8")
    done = run(tmp_path, "agreement", "--gold", str(gold), "--no-baselines", "--rounds", "0", "--json")
    assert done.returncode == 1
    assert "dev-s02-a.labels.json: [0]: label: 'maybe'" in done.stderr
    assert json.loads(done.stdout)["transcripts"] == 1


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "agreement", "--gold", str(tmp_path))
    assert done.returncode == 2
    assert "holds no labels" in done.stderr
