"""The arms of the evals with a model on an endpoint, over real TCP."""

import re
from pathlib import Path

import pytest

from interviewer.errors import SettingsError
from interviewer.settings import Settings
from interviewer.wiring_evals import run_evals
from tests.wire.server import Request, loopback


def answer(request: Request) -> str:
    """Quotes the first passage that it was given."""
    prompt = request["messages"][-1]["content"]
    found = re.search(r'<passage id="p1">(.*?)</passage>', prompt)
    return f'- It is so [p1: "{found[1]}"]' if found else "NO ANSWER"


def test_the_model_that_is_set_answers_in_the_arms_and_its_faults_are_errors_of_queries(tmp_path: Path) -> None:
    with loopback(answer) as server:
        settings = Settings(data_dir=tmp_path, engine="llm", base_url=server.url, model="openai:stub")
        record = run_evals(settings, "smoke", "exact", lambda text: None, endpoint=True)
        assert len(server.requests) > 30
        asked = server.requests[0]["messages"][-1]["content"]
        assert "<passages>" in asked
        assert record.manifest.component("model").parts["identity"] == "openai:stub"
        assert record.errors == {}
        server.faults = ["401"]
        broken = run_evals(settings, "smoke", "exact", lambda text: None, endpoint=True)
        assert broken.errors


def test_without_a_model_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No language model is set"):
        run_evals(Settings(data_dir=tmp_path), "smoke", "exact", lambda text: None, endpoint=True)
