"""Imports only go down, vendors enter by one door each, nothing goes round in circles."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.modules import PACKAGE, import_graph, imports_of, module_paths

FLOORS = [
    {"errors", "privacy"},
    {"noun", "shipped", "spans", "yaml_file"},
    {"scenario", "chunk", "transcript", "rubric", "verdict", "manifest"},
    {"drills", "rubrics", "prompts", "models"},
    {"index"},
    {"interview", "grading"},
    {"batch", "evaluation"},
    {"store", "traffic"},
    {"desk", "lobby"},
    {"settings", "desk"},
    {"wiring"},
    {"wiring_evals"},
    {"cli", "web"},
    {"__main__"},
]
# `interviewer app` is a command that starts the page, so cli may know web; not the other way round.
SIBLINGS_APART = [("grading", "interview"), ("interview", "grading"), ("web", "cli")]
DOORS = {
    "chromadb": {"interviewer.index.chroma"},
    "openai": {"interviewer.models.openai_sdk"},
    "tenacity": {"interviewer.models.retry"},
    "langchain": {"interviewer.models.chat", "interviewer.models.lobby_agent"},
    "langchain_core": {"interviewer.models.lobby_agent"},
    "langchain_openai": set[str](),
    "gradio": {"interviewer.web.page"},
    "tiktoken": {"interviewer.models.tokens"},
    "onnxruntime": {"interviewer.models.minilm"},
    "tokenizers": {"interviewer.models.minilm"},
    "rank_bm25": {"interviewer.index.lexical"},
    "sklearn": {"interviewer.grading.measures"},
    "ir_measures": {"interviewer.evaluation.measures"},
    "jinja2": {"interviewer.grading.report", "interviewer.evaluation.report"},
    "pydantic_settings": {"interviewer.settings"},
    "yaml": {"interviewer.yaml_file"},
}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def floor(module: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room(module) in rooms)


def test_every_room_has_a_floor() -> None:
    rooms = {room(module) for module in module_paths()} - {""}
    assert rooms <= set().union(*FLOORS)


def test_imports_only_go_down() -> None:
    climbing = [
        f"{module} imports {target}"
        for module, targets in import_graph().items()
        for target in targets
        if room(module) and room(target) and floor(target) > floor(module)
    ]
    assert climbing == []


@pytest.mark.parametrize(("one", "other"), SIBLINGS_APART)
def test_siblings_stay_apart(one: str, other: str) -> None:
    crossing = [
        f"{module} imports {target}"
        for module, targets in import_graph().items()
        for target in targets
        if room(module) == one and room(target) == other
    ]
    assert crossing == []


def test_no_cycles() -> None:
    assert tuple(TopologicalSorter(import_graph()).static_order())


@pytest.mark.parametrize("vendor", DOORS)
def test_vendor_enters_by_its_door_only(vendor: str) -> None:
    users = {
        name
        for name, path in module_paths().items()
        if any(target == vendor or target.startswith(f"{vendor}.") for target in imports_of(path))
    }
    assert users <= DOORS[vendor]


def test_environment_is_read_in_one_place() -> None:
    allowed = {PACKAGE / "settings.py", PACKAGE / "privacy.py"}
    readers = [path for path in PACKAGE.rglob("*.py") if path not in allowed and reads_environment(path)]
    assert readers == []


def reads_environment(path: Path) -> bool:
    """Whether a file reads variables (setting one, as tiktoken's cache folder needs, is another thing)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "getenv":
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and names_environ(node.value):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("get", "items", "copy") and names_environ(node.value):
            return True
    return False


def names_environ(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"
