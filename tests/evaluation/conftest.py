"""The shipped system over a fifth of the shipped queries, with really built indexes; opened once."""

import time
from pathlib import Path

import pytest

from interviewer.drills.read import read_drills
from interviewer.evaluation.bench import Bench, open_bench
from interviewer.evaluation.extractive import ExtractiveModel
from interviewer.evaluation.point_judge import EmbeddedPointJudge
from interviewer.evaluation.setup import Setup
from interviewer.evaluation.workshop import Workshop
from interviewer.index.recipe import Recipe
from interviewer.models.cached import CachedEmbedder
from interviewer.models.minilm import SHA256, MiniLM
from interviewer.models.tokens import count_tokens
from interviewer.prompts.read import read_prompt
from interviewer.shipped import shipped_path

CORPUS = shipped_path("corpus/mlops_drills.txt")


@pytest.fixture(scope="session")
def bench() -> Bench:
    whole = open_bench(shipped_path("evals/rag"), read_drills(CORPUS))
    return whole.narrowed(whole.evalset.queries[::4])


@pytest.fixture(scope="session")
def good() -> Setup:
    embedder = CachedEmbedder(MiniLM())
    recipe = Recipe(CORPUS, embedder, SHA256["model_int8.onnx"], count_tokens)
    return Setup(
        corpus=CORPUS,
        splitter=recipe.splitter,
        embedder=embedder,
        weights_sha256=recipe.weights_sha256,
        retriever=recipe.ranking,
        prompt=read_prompt("answer@1"),
        model=ExtractiveModel(embedder),
        judge=EmbeddedPointJudge(embedder),
        count_tokens=count_tokens,
    )


@pytest.fixture(scope="session")
def workshop(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    folder: Path = tmp_path_factory.mktemp("workshop")
    return Workshop(bench, folder, read_prompt("answer@1"), time.perf_counter)
