"""The command line starts light: help loads no vendor package."""

import json
import subprocess
import sys

HEAVY = (
    "chromadb", "openai", "langchain", "langchain_core", "gradio", "tiktoken", "onnxruntime", "tokenizers", "numpy",
    "pandas", "sklearn", "scipy", "pydantic_settings", "jinja2", "prompt_toolkit", "yaml", "ir_measures",
)  # fmt: skip


HELP = """
sys.argv = ['interviewer', '--help']
from interviewer.cli.main import run
try:
    run()
except SystemExit:
    pass
"""


def loaded_by(code: str) -> set[str]:
    program = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_no_vendor_package() -> None:
    loaded = loaded_by(HELP)
    assert "interviewer.cli.main" in loaded
    assert loaded & set(HEAVY) == set()


def test_importing_the_package_loads_nothing_else() -> None:
    assert not {name for name in loaded_by("import interviewer") if name.startswith("pydantic")}
