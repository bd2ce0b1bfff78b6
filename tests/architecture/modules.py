"""The package as a graph: which module imports which, lazy imports inside functions counted."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "interviewer"


def module_name(path: Path) -> str:
    """Dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def module_paths() -> dict[str, Path]:
    """Every module of the package by dotted name."""
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere, as written (`from a.b import c` gives `a.b` and `a.b.c`)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def import_graph() -> dict[str, set[str]]:
    """Module -> modules of the package that it imports."""
    paths = module_paths()
    graph = {}
    for name, path in paths.items():
        named = {target for target in imports_of(path) if target in paths and target != name}
        # `from a.b import c` names the package a.b too; only count it when c is not itself a module
        graph[name] = {one for one in named if not any(other.startswith(f"{one}.") for other in named)}
    return graph
