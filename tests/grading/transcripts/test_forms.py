"""Every form in which a transcript comes, whole and broken."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.imported import MAX_TURN_CHARS, Imported
from interviewer.grading.transcripts.read import find_files, read_transcripts
from interviewer.transcript import Turn

TURNS = (
    Turn(role="interviewer", text="The endpoint is up. What now?"),
    Turn(role="candidate", text="I'd compare payloads: old against new."),
    Turn(role="interviewer", text="And then?"),
    Turn(role="candidate", text="Roll back, then a contract test."),
)
NAMES = {"interviewer": "Dana Reyes", "candidate": "Lee"}


def as_own(turns: tuple[Turn, ...]) -> str:
    return json.dumps({"id": "t", "scenario": 9, "turns": [turn.model_dump() for turn in turns]})


def as_messages(turns: tuple[Turn, ...]) -> str:
    roles = {"interviewer": "assistant", "candidate": "user"}
    parts = [{"role": roles[one.role], "content": [{"type": "text", "text": one.text}]} for one in turns]
    return json.dumps(
        [{"role": "system", "content": "You are an interviewer."}, *parts, {"role": "tool", "content": "x"}]
    )


def as_text(turns: tuple[Turn, ...]) -> str:
    return "Scenario: 9\n\n" + "\n\n".join(f"{one.role.title()}: {one.text}" for one in turns)


def as_named_text(turns: tuple[Turn, ...]) -> str:
    return "\n".join(f"{NAMES[one.role]}: {one.text}" for one in turns)


def as_vtt(turns: tuple[Turn, ...]) -> str:
    cues = [f"00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.000\n<v {one.role}>{one.text}</v>" for n, one in enumerate(turns)]
    return "WEBVTT\n\nNOTE Scenario: 9\n\n" + "\n\n".join(cues) + "\n"


def as_srt(turns: tuple[Turn, ...]) -> str:
    cues = [
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{one.role.title()}: {one.text}"
        for n, one in enumerate(turns, 1)
    ]
    return "\n\n".join(cues) + "\n"


FORMS: dict[str, tuple[str, Callable[[tuple[Turn, ...]], str]]] = {
    "own": (".json", as_own),
    "messages": (".json", as_messages),
    "line": (".jsonl", as_own),
    "text": (".txt", as_text),
    "markdown": (".md", as_text),
    "names": (".txt", as_named_text),
    "vtt": (".vtt", as_vtt),
    "srt": (".srt", as_srt),
}


def read(path: Path, content: str | bytes, candidate: str = "") -> list[Imported | TranscriptError]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(read_transcripts(path, candidate=candidate))


def good(found: list[Imported | TranscriptError]) -> Imported:
    (one,) = found
    assert isinstance(one, Imported), one
    return one


def fault(found: list[Imported | TranscriptError]) -> TranscriptError:
    (one,) = found
    assert isinstance(one, TranscriptError)
    return one


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_turns(form: str, tmp_path: Path) -> None:
    suffix, write = FORMS[form]
    found = good(read(tmp_path / f"talk{suffix}", write(TURNS)))
    assert found.transcript.turns == TURNS
    assert found.transcript.scenario == (None if form in ("messages", "names", "srt") else 9)


PLAIN = st.text(st.characters(categories=["Ll", "Lu", "Nd"], include_characters=" ,.?'"), min_size=1).filter(
    lambda text: text.strip() == text and "  " not in text
)


@given(texts=st.lists(PLAIN, min_size=2, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("form", ["own", "messages", "line", "text", "vtt", "srt"])
def test_any_plain_words_survive_every_form(form: str, texts: list[str], tmp_path: Path) -> None:
    turns = tuple(Turn(role="candidate" if n % 2 else "interviewer", text=text) for n, text in enumerate(texts))
    suffix, write = FORMS[form]
    assert good(read(tmp_path / f"talk{suffix}", write(turns))).transcript.turns == turns


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".txt", ".vtt", ".srt"])
def test_any_bytes_are_read_or_refused(suffix: str, content: bytes, tmp_path: Path) -> None:
    assert all(isinstance(one, Imported | TranscriptError) for one in read(tmp_path / f"any{suffix}", content))


def test_a_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    first, second, third = read(tmp_path / "many.jsonl", f"{as_own(TURNS)}\n{{oops\n{as_own(TURNS)}\n")
    assert isinstance(first, Imported)
    assert isinstance(third, Imported)
    assert isinstance(second, TranscriptError)
    assert second.where.endswith("many.jsonl:2")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_with_a_mark(encoding: str, tmp_path: Path) -> None:
    assert good(read(tmp_path / "t.txt", as_text(TURNS).encode(encoding))).transcript.turns == TURNS


def test_other_encodings_are_read_with_a_warning(tmp_path: Path) -> None:
    found = good(read(tmp_path / "t.txt", "Interviewer: Ça va?\nCandidate: Oui".encode("cp1252")))
    assert found.transcript.turns[0].text == "Ça va?"
    assert "Windows-1252" in found.warnings[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", "", "is empty"),
        ("a.json", "{", "is not JSON"),
        ("a.json", "[1]", "not an object"),
        ("a.json", "{}", "holds no turns"),
        ("a.json", '{"turns": [], "turns": []}', "stands twice"),
        ("a.json", '{"turns": [{"role": "candidate", "text": NaN}]}', "NaN"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"scenario": "nine", "turns": [{"role": "candidate", "text": "a"}]}', "scenario"),
        ("a.json", '{"turns": [{"role": "interviewer", "text": "a"}]}', "no turn of a candidate"),
        ("a.json", json.dumps({"turns": [{"role": "candidate", "text": "x" * (MAX_TURN_CHARS + 1)}]}), "characters"),
        ("a.txt", "just some words", "no speaker"),
        ("a.vtt", "no header", "is not WebVTT"),
        ("a.srt", "no cues", "SRT"),
        ("a.docx", "x", "kind that is not read"),
        ("a.txt", "a\x00b", "zero bytes"),
    ],
)
def test_faults_are_told(name: str, content: str, says: str, tmp_path: Path) -> None:
    error = fault(read(tmp_path / name, content))
    assert says in error.what
    assert str(tmp_path / name) in error.where


def test_speakers_with_names_are_guessed_and_said(tmp_path: Path) -> None:
    found = good(read(tmp_path / "t.txt", as_named_text(TURNS)))
    assert found.guessed
    assert found.speakers == {"Dana Reyes": "interviewer", "Lee": "candidate"}


def test_who_is_known_to_be_the_candidate_is_not_guessed(tmp_path: Path) -> None:
    found = good(read(tmp_path / "t.txt", as_named_text(TURNS), candidate="dana reyes"))
    assert not found.guessed
    assert found.speakers == {"Dana Reyes": "candidate", "Lee": "interviewer"}


def test_a_name_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert good(read(tmp_path / "t.txt", as_named_text(TURNS), candidate="Nobody")).speakers["Lee"] == "candidate"


def test_folders_give_transcripts_and_no_labels(tmp_path: Path) -> None:
    for name in ("b.json", "a.vtt", "a.labels.json", "note.pdf"):
        (tmp_path / name).write_text("x")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.srt").write_text("x")
    assert [path.name for path in find_files([tmp_path])] == ["a.vtt", "b.json", "c.srt"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "secret.json"
    inside.mkdir()
    outside.write_text(as_own(TURNS))
    (inside / "link.json").symlink_to(outside)
    (found,) = read_transcripts(inside / "link.json", inside)
    assert isinstance(found, TranscriptError)
    assert "leads out" in found.what


def test_what_is_missing_or_no_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        (found,) = read_transcripts(path)
        assert isinstance(found, TranscriptError)
