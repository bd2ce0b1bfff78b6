"""Released wording: pinned, verified, never edited in place."""

import pytest

from interviewer.errors import ShippedDataError
from interviewer.prompts.read import LOCK, prompt_path, read_lock, read_prompt, render_lock


def test_the_lock_pins_every_file_as_it_is() -> None:
    assert LOCK.read_text(encoding="utf-8") == render_lock()


@pytest.mark.parametrize("identity", sorted(read_lock()))
def test_every_pinned_prompt_is_read(identity: str) -> None:
    assert read_prompt(identity)


@pytest.mark.parametrize("identity", ["nothing@1", "wording@999", "wording", "../wording@1"])
def test_an_unknown_prompt_is_named(identity: str) -> None:
    with pytest.raises(ShippedDataError, match=identity):
        prompt_path(identity)
