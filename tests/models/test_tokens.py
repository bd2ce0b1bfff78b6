import lzma
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import ShippedDataError
from interviewer.models.tokens import TABLE, count_tokens, open_encoding

# What tiktoken itself pins for o200k_base, and the name under which it looks for the file in its cache folder.
TIKTOKENS_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
TIKTOKENS_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("hello world", 2), (" ", 1), ("kubectl describe pod <name>", 7), ("tiktoken is great!", 6), ("🔥", 1)],
)
def test_known_counts(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_special_tokens_are_plain_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_count_between_zero_and_its_bytes(text: str) -> None:
    assert (count_tokens(text) == 0) == (text == "")
    assert count_tokens(text) <= len(text.encode("utf-8"))


@pytest.mark.parametrize("unit", ["a", " ", "\n", "!", "aB", "7", "模", "a" * 5000 + " " * 5000])
def test_a_megabyte_of_anything_is_counted(unit: str) -> None:
    assert 0 < count_tokens(unit * (1_000_000 // len(unit))) <= 1_000_100


def test_lone_surrogates_are_counted() -> None:
    assert count_tokens("before \ud800 after") >= 3


def test_threads_agree() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(count_tokens, ["roll back the model"] * 16)) == {4}


def test_the_shipped_table_is_the_one_that_tiktoken_pins() -> None:
    assert sha256(lzma.decompress(TABLE.read_bytes())).hexdigest() == TIKTOKENS_SHA256


def test_a_changed_table_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / TABLE.name
    changed.write_bytes(TABLE.read_bytes()[:-1])
    with pytest.raises(ShippedDataError, match="SHA-256"):
        open_encoding(changed)


PROBE = """
import sys

def deny(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"network: {event}")

sys.addaudithook(deny)
from interviewer.models.tokens import PATTERN, TABLE, count_tokens, open_encoding
assert "tiktoken" not in sys.modules
assert count_tokens("roll back the model") == 4
if len(sys.argv) > 1:
    import tiktoken
    theirs = tiktoken.get_encoding("o200k_base")
    assert theirs._pat_str == PATTERN
    assert theirs._mergeable_ranks == open_encoding(TABLE)._mergeable_ranks
"""


def run_probe(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_counting_needs_neither_network_nor_a_folder(tmp_path: Path) -> None:
    run_probe({"TIKTOKEN_CACHE_DIR": str(tmp_path / "absent"), "HOME": str(tmp_path / "absent")})
    assert not list(tmp_path.iterdir())


def test_pattern_and_ranks_are_tiktokens_own(tmp_path: Path) -> None:
    (tmp_path / TIKTOKENS_NAME).write_bytes(lzma.decompress(TABLE.read_bytes()))
    run_probe({"TIKTOKEN_CACHE_DIR": str(tmp_path)}, "compare")
