"""The shipped corpus with the shipped embedder: Chroma against exact search, and every chunk reachable."""

import json
from pathlib import Path

import pytest

from interviewer.drills.read import read_drills
from interviewer.index.opening import Ways, open_key_retriever
from interviewer.index.recipe import Recipe
from interviewer.index.retriever import KeyRetriever
from interviewer.index.versions import Versions
from interviewer.models.minilm import SHA256, MiniLM
from interviewer.models.tokens import count_tokens
from interviewer.shipped import shipped_path
from tests.index.small import stamp

CORPUS = shipped_path("corpus/mlops_drills.txt")


def open_shipped(root: Path, engine: str) -> KeyRetriever:
    recipe = Recipe(CORPUS, MiniLM(), SHA256["model_int8.onnx"], count_tokens)
    return open_key_retriever(Versions(root), recipe, Ways("chroma" if engine == "chroma" else "exact", stamp()))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shipped")


def test_chroma_gives_what_exact_search_gives(root: Path) -> None:
    rows = [json.loads(line) for line in shipped_path("evals/rag/queries.jsonl").read_text().splitlines()[::9]]
    chroma, exact = open_shipped(root, "chroma"), open_shipped(root, "exact")
    for row in rows:
        near, far = chroma.find(row["text"]), exact.find(row["text"])
        assert (near.engine, far.engine) == ("chroma", "exact")
        assert near.scenario == far.scenario
        assert [one.scenario for one in near.ranked] == [one.scenario for one in far.ranked]
        assert [hit.chunk.id for hit in near.hits] == [hit.chunk.id for hit in far.hits]
        assert near.fit == pytest.approx(far.fit, abs=1e-4)
    chroma.close()


def test_every_title_finds_its_scenario(root: Path) -> None:
    retriever = open_shipped(root, "exact")
    for one in retriever.find("anything").ranked:
        assert retriever.find(one.title).scenario == one.scenario


def test_every_bullet_is_found_by_its_own_words(root: Path) -> None:
    retriever = open_shipped(root, "exact")
    key = [bullet for one in read_drills(CORPUS).scenarios for bullet in one.key_bullets]
    hits = [(bullet.id, retriever.find(bullet.text, 5).hits) for bullet in key]
    found = [any(bullet in hit.chunk.bullets for hit in five) for bullet, five in hits]
    assert sum(found) / len(found) >= 0.9
