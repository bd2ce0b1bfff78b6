"""Prompts in use: released, added, chosen, and one step back."""

from pathlib import Path

import pytest

from interviewer.errors import InputError, NotFoundError
from interviewer.prompts.read import read_prompt
from interviewer.prompts.versions import ActivePrompt, PromptVersions

RELEASED = "answer@1"
TEXT = str(read_prompt(RELEASED))


@pytest.fixture
def prompts(tmp_path: Path) -> PromptVersions:
    return PromptVersions(tmp_path / "prompts")


def test_the_released_prompt_is_in_use_at_first(prompts: PromptVersions) -> None:
    assert prompts.active(RELEASED) == ActivePrompt(identity=RELEASED)
    assert prompts.read(RELEASED) == TEXT
    assert prompts.known(RELEASED) == [RELEASED]


def test_an_added_prompt_is_chosen_and_left_again(prompts: PromptVersions) -> None:
    added = prompts.add(RELEASED, TEXT.replace("at most 6", "at most 5"))
    assert prompts.known(RELEASED) == [RELEASED, added]
    assert prompts.point_to(added, RELEASED) == ActivePrompt(identity=added, previous=RELEASED)
    assert "at most 5" in prompts.read(prompts.active(RELEASED).identity)
    assert prompts.point_to(RELEASED, RELEASED).previous == added
    assert prompts.point_to(RELEASED, RELEASED).previous == added


@pytest.mark.parametrize("text", ["no slots", TEXT + " {more}", "{passages} {question"])
def test_a_prompt_with_other_slots_is_refused(prompts: PromptVersions, text: str) -> None:
    with pytest.raises(InputError):
        prompts.add(RELEASED, text)


@pytest.mark.parametrize("identity", ["answer@9", "answer@local-00000000", "../x@local-00000000", "intents@1", ""])
def test_what_is_not_there_cannot_be_chosen(prompts: PromptVersions, identity: str) -> None:
    with pytest.raises(NotFoundError):
        prompts.point_to(identity, RELEASED)


def test_an_added_prompt_that_was_edited_is_refused(prompts: PromptVersions, tmp_path: Path) -> None:
    added = prompts.add(RELEASED, TEXT.replace("6", "5"))
    next((tmp_path / "prompts/answer").glob("local-*.md")).write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="not what was added"):
        prompts.read(added)


def test_a_damaged_pointer_means_the_released_prompt(prompts: PromptVersions, tmp_path: Path) -> None:
    prompts.point_to(prompts.add(RELEASED, TEXT.replace("6", "5")), RELEASED)
    (tmp_path / "prompts/ACTIVE.json").write_text("{")
    assert prompts.active(RELEASED).identity == RELEASED
