"""What judging by a model costs beyond the model: 30 transcripts against a stub that takes 300 ms for every reply."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Row
from interviewer.batch.local import Order, grade_batch
from interviewer.grading.meter import JudgeTerms
from interviewer.models.language import Ask, complete, user
from interviewer.settings import Settings
from interviewer.wiring import open_grader, open_meter, open_model
from tests.wire.server import Request, loopback

TRANSCRIPTS = 30
CONCURRENCY = 16
LATENCY_S = 0.3
TARGET = 1.15


def judging_row(data_dir: str) -> Row:
    """Wall time over calls x latency / concurrency; the stub is a process of its own, the first call is not counted."""
    stub = subprocess.Popen([sys.executable, "-m", "benchmarks.judging"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert stub.stdout
        return _measure(Path(data_dir), stub.stdout.readline().strip())
    finally:
        stub.terminate()
        stub.wait()


def _measure(data_dir: Path, url: str) -> Row:
    settings = Settings(data_dir=data_dir, base_url=url, model="openai:stub", engine="llm")
    model = open_model(settings)
    assert model
    terms = JudgeTerms(concurrency=CONCURRENCY)
    meter = open_meter(settings, terms, model)
    assert meter
    model.find_method()
    complete(model, Ask(prompt="bench@1", messages=(user("ready?"),), max_tokens=10))
    grader = open_grader(settings, meter.judge)
    before = meter.model.spent.calls
    begun = time.perf_counter()
    rows = grade_batch(Order(_transcripts(), data_dir / "out", workers=terms.transcripts), grader)
    wall_s = time.perf_counter() - begun
    calls = meter.model.spent.calls - before
    least_s = calls * LATENCY_S / CONCURRENCY
    graded = sum(row.kind == "graded" for row in rows)
    what = f"judging {graded} transcripts by a model of 300 ms, {CONCURRENCY} calls at a time ({calls} calls)"
    figure = wall_s / least_s
    return Row(what, f"{wall_s:.2f} s, {figure:.2f} x", f"<= {TARGET} x", figure <= TARGET and graded == TRANSCRIPTS)


def _transcripts() -> Sequence[Path]:
    found = [path for path in sorted((ROOT / "evals" / "gold").rglob("*.json")) if "labels" not in path.name]
    return found[:TRANSCRIPTS]


def _reply(request: Request) -> str:
    form = (request.get("response_format") or {}).get("json_schema") or {}
    fields: dict[str, Any] = (form.get("schema") or {}).get("$defs", {}).get("Finding", {}).get("properties", {})
    if not fields:
        return '{"ready": true}'
    names = fields["criterion"].get("enum") or [fields["criterion"]["const"]]
    why = "The candidate speaks of something near it, but never says that this would be done here."
    findings = [{"criterion": name, "evidence": [], "why": why, "verdict": "not_met"} for name in names]
    return json.dumps({"findings": findings})


if __name__ == "__main__":
    with loopback(_reply, latency_s=LATENCY_S) as server:
        print(server.url, flush=True)
        server.closing.wait()
