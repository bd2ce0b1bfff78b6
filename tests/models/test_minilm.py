import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from interviewer.errors import ShippedDataError
from interviewer.models.embedder import Embedder, Vectors
from interviewer.models.minilm import ASSETS, SHA256, MiniLM

ROWS = json.loads(Path(__file__).with_name("minilm_fp32.json").read_text(encoding="utf-8"))
TEXTS = [row["text"] for row in ROWS]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def vectors(minilm: MiniLM) -> Vectors:
    return minilm.embed(TEXTS)


def test_every_vector_is_close_to_the_fp32_one(vectors: Vectors) -> None:
    reference = np.array([row["vector"] for row in ROWS])
    cosines = (vectors * reference).sum(1)
    assert len(ROWS) == 50
    assert cosines.min() >= 0.98
    assert cosines.mean() >= 0.995


def test_vectors_have_unit_length_and_the_declared_shape(minilm: MiniLM, vectors: Vectors) -> None:
    embedder: Embedder = minilm
    assert embedder.identity == "minilm-l6-v2-int8@1"
    assert vectors.dtype == np.float32
    assert vectors.shape == (50, embedder.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_similar_meanings_are_nearer_than_others(minilm: MiniLM) -> None:
    query, near, far = minilm.embed(["roll back the model", "revert to the previous version", "a soup with lentils"])
    assert query @ near > query @ far + 0.2


def test_the_same_input_gives_the_same_bytes(minilm: MiniLM, vectors: Vectors) -> None:
    assert minilm.embed(TEXTS).tobytes() == vectors.tobytes()
    assert MiniLM().embed(TEXTS).tobytes() == vectors.tobytes()


def test_a_vector_does_not_depend_on_its_companions(minilm: MiniLM, vectors: Vectors) -> None:
    alone = np.concatenate([minilm.embed([text]) for text in TEXTS])
    backwards = minilm.embed(TEXTS[::-1])[::-1]
    np.testing.assert_allclose(alone, vectors, atol=1e-6)
    np.testing.assert_allclose(backwards, vectors, atol=1e-6)


def test_empty_input_loads_nothing(tmp_path: Path) -> None:
    assert MiniLM(tmp_path / "nowhere").embed([]).shape == (0, 384)


def test_odd_texts_have_vectors_too(minilm: MiniLM) -> None:
    odd = minilm.embed(["", " ", "\ud800 lone surrogate", "\x00", "word " * 200_000, "a" * 1_000_000])
    assert np.isfinite(odd).all()
    np.testing.assert_allclose(np.linalg.norm(odd, axis=1), 1, atol=1e-5)


def test_threads_share_one_embedder(vectors: Vectors) -> None:
    shared = MiniLM()
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: shared.embed(TEXTS[:10]), range(8)):
            np.testing.assert_allclose(result, vectors[:10], atol=1e-6)


@pytest.mark.parametrize("name", sorted(SHA256))
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "minilm"
    shutil.copytree(ASSETS, folder)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ShippedDataError, match="SHA-256") as caught:
        MiniLM(folder).embed(["text"])
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ShippedDataError, match=r"tokenizer\.json"):
        MiniLM(tmp_path).embed(["text"])


def test_the_manifest_agrees_with_the_pins_and_the_files() -> None:
    manifest = json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"] == SHA256
    assert {name: sha256((ASSETS / name).read_bytes()).hexdigest() for name in SHA256} == SHA256
    assert "Apache License, Version 2.0" in (ASSETS / "NOTICE").read_text(encoding="utf-8")


PROBE = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event.startswith("socket.") else None)
from interviewer.models.minilm import MiniLM
embedder = MiniLM()
assert not {"onnxruntime", "tokenizers"} & set(sys.modules), "a vendor was loaded before the first text"
embedder.embed(["rolled back"])
assert "torch" not in sys.modules
assert not [event for event in opened if event != "socket.gethostname"], opened
"""


def test_loading_is_lazy_and_needs_neither_network_nor_torch() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
