"""Authored wordings and exemplars from disk."""

import json
from pathlib import Path

import numpy as np
import pytest

from interviewer.drills.exemplars import exemplar_sources, read_exemplars, text_digest
from interviewer.drills.phrasings import phrasing_sources, read_phrasings
from interviewer.drills.read import read_drills
from interviewer.errors import PhrasingsError
from interviewer.models.minilm import SHA256, MiniLM
from interviewer.scenario import DrillDocument
from interviewer.shipped import shipped_path


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_no_folder_is_no_phrasings(tmp_path: Path) -> None:
    assert read_phrasings(tmp_path / "none").scenarios == ()
    assert phrasing_sources(tmp_path / "none") == ()


def test_files_are_read_in_order_of_scenario(tmp_path: Path) -> None:
    write(tmp_path, s02="scenario: 2\ntitles: [b]\n", s01="scenario: 1\nsymptoms: [a]\n", outside="outside: [c]\n")
    found = read_phrasings(tmp_path)
    assert [one.scenario for one in found.scenarios] == [1, 2]
    assert found.outside == ("c",)
    assert [source.name for source in found.sources] == ["outside.yaml", "s01.yaml", "s02.yaml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario: 0\n", "scenario"),
        ("scenario: 1\nextra: 2\n", "extra"),
        ("scenario: 1\ntitles: [a, '  ']\n", r"titles\.1 is empty"),
        ("titles: [a]\n", "scenario"),
        ("- 1\n", "valid dictionary"),
        ("scenario: 1\ntitles: a\n", "titles"),
        ("scenario: [\n", r"s01\.yaml:"),
    ],
)
def test_faults_name_file_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PhrasingsError, match=said) as caught:
        read_phrasings(write(tmp_path, s01=text))
    assert "s01.yaml" in str(caught.value)


def test_one_scenario_in_two_files_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PhrasingsError, match="second file"):
        read_phrasings(write(tmp_path, s01="scenario: 1\n", s01b="scenario: 1\n"))


@pytest.fixture
def document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


def text_of(document: DrillDocument, bullet: str) -> str:
    return next(one.text for one in document.bullets if one.id == bullet)


def write_exemplars(folder: Path, digest: str, embedder: str = "e@1") -> None:
    row = {"bullet": "s01.causes.1", "text_sha256": digest, "quotes": ["line\u2028break"]}
    (folder / "quotes.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    legend = {"embedder": embedder, "weights_sha256": "", "rows": ["s01.causes.1"]}
    (folder / "vectors.json").write_text(json.dumps(legend))
    np.save(folder / "vectors.npy", np.ones((1, 4), np.float16))


def test_exemplars_go_with_the_text_of_their_bullet(tmp_path: Path, document: DrillDocument) -> None:
    write_exemplars(tmp_path, text_digest(text_of(document, "s01.causes.1")))
    found = read_exemplars(tmp_path, document, "e@1", "")
    assert found.quotes == {"s01.causes.1": ("line\u2028break",)}
    assert list(found.vectors) == ["s01.causes.1"]
    write_exemplars(tmp_path, text_digest("another text"))
    assert read_exemplars(tmp_path, document, "e@1", "").quotes == {}


def test_learnt_vectors_are_for_one_embedder_only(tmp_path: Path, document: DrillDocument) -> None:
    write_exemplars(tmp_path, text_digest(text_of(document, "s01.causes.1")), embedder="other@1")
    found = read_exemplars(tmp_path, document, "e@1", "")
    assert found.quotes
    assert found.vectors == {}


def test_faulty_exemplars_name_the_line(tmp_path: Path, document: DrillDocument) -> None:
    (tmp_path / "quotes.jsonl").write_text('{"bullet": 1}\n')
    with pytest.raises(PhrasingsError, match=r"quotes\.jsonl:1"):
        read_exemplars(tmp_path, document, "e@1", "")


def test_shipped_exemplars_cover_the_answer_key(document: DrillDocument) -> None:
    folder = shipped_path("corpus/exemplars")
    found = read_exemplars(folder, document, MiniLM.identity, SHA256["model_int8.onnx"])
    key = {bullet.id for bullet in document.bullets if bullet.kind.is_key}
    assert set(found.openings) == {one.number for one in document.scenarios}
    assert set(found.quotes) == set(found.vectors) == key
    assert [source.name for source in exemplar_sources(folder)] == [
        "openings.jsonl",
        "quotes.jsonl",
        "vectors.json",
        "vectors.npy",
        "wordings.json",
        "wordings.npy",
    ]


def test_shipped_wordings_are_many_and_their_vectors_are_theirs(document: DrillDocument) -> None:
    """A wording that was edited has no vector until tools/collect_exemplars.py is run again."""
    phrasings = read_phrasings(shipped_path("corpus/phrasings"))
    assert {one.scenario for one in phrasings.scenarios} == {one.number for one in document.scenarios}
    assert all(len(one.titles) + len(one.symptoms) >= 15 for one in phrasings.scenarios)
    texts = [*phrasings.outside, *(text for one in phrasings.scenarios for text in (*one.titles, *one.symptoms))]
    assert len(set(texts)) == len(texts)
    folder = shipped_path("corpus/exemplars")
    stored = read_exemplars(folder, document, MiniLM.identity, SHA256["model_int8.onnx"]).wordings
    assert [text for text in texts if text_digest(text) not in stored] == []
    some = texts[:: len(texts) // 20]
    cosines = np.sum(MiniLM().embed(some) * np.stack([stored[text_digest(text)] for text in some]), axis=1)
    assert cosines.min() > 0.999
