"""The prompt of the model that speaks: its layout, and that it is one call."""

from itertools import pairwise

import pytest

from interviewer.errors import ModelRequestTooLargeError, ModelUnavailableError
from interviewer.interview.cue import Cue, brief_of
from interviewer.models.language import Message
from interviewer.transcript import Transcript, Turn
from tests.interview.stage import SAID, STRONG, begin, drawn, small_plan, talk
from tests.interview.voices import modelled_cast, speaking, voice_of

LINE = "You spoke of the logs. Which of them?"


def conversation(*texts: str) -> Transcript:
    turns = [Turn(role="candidate" if place % 2 else "interviewer", text=text) for place, text in enumerate(texts)]
    return Transcript(id="t", turns=tuple(turns))


def authors(messages: tuple[Message, ...]) -> str:
    return "".join(one.author[0] for one in messages)


def test_one_call_a_turn_and_only_one() -> None:
    model = speaking("Welcome to it.", LINE)
    session = begin(modelled_cast(model))
    talk(session, [STRONG, SAID])
    assert len(model.asked) == 3


def test_rules_first_and_byte_stable_conversation_only_added_to_move_last() -> None:
    model = speaking("Welcome to it.", LINE)
    session = begin(modelled_cast(model))
    talk(session, [STRONG, SAID, f"{SAID} Twice.", f"{SAID} Thrice."])
    prompts = [ask.messages for ask in model.asked]
    assert len({prompt[0].text for prompt in prompts}) == 1
    for earlier, later in pairwise(prompts):
        kept = earlier[:-1]
        assert later[: len(kept)] == kept
        # what the candidate said stays where it was, only the move behind it goes
        assert later[len(kept)].text == earlier[-1].text.rpartition("\n\nmove ")[0] or later[len(kept)].author == "user"
    assert all(prompt[-1].text.rpartition("\n\n")[2].startswith("move ") for prompt in prompts)


def test_user_and_assistant_take_turns_whatever_happens() -> None:
    model = speaking("Welcome to it.", LINE)
    session = begin(modelled_cast(model))
    talk(session, [STRONG])
    drawn(session.hint())
    drawn(session.hint())
    talk(session, [SAID])
    for ask in model.asked:
        found = authors(ask.messages)
        assert found.startswith("su")
        assert found.endswith("u")
        assert "uu" not in found
        assert "aa" not in found


def test_the_mark_of_a_move_cannot_be_guessed_and_differs_between_sessions() -> None:
    voice = voice_of(speaking(LINE)).voice
    cue = Cue(kind="pump", instruction="Hint.")
    rendered = voice.messages  # type: ignore[attr-defined]
    one = rendered(cue, brief_of(small_plan()), conversation("Hello."))
    other = rendered(cue, brief_of(small_plan()), conversation("Hello.").model_copy(update={"id": "u"}))
    assert one[-1].text != other[-1].text
    assert one[-1].text.split()[1] in one[0].text


def test_a_prompt_that_is_too_long_is_shortened_once() -> None:
    too_large = ModelRequestTooLargeError("too long")
    transcript = conversation(*(f"text number {place}" for place in range(20)))
    model = speaking(too_large, LINE)
    said = list(voice_of(model).voice.words(Cue(kind="pump", instruction="Hint."), brief_of(small_plan()), transcript))
    assert "".join(piece for piece in said if isinstance(piece, str)) == LINE
    full, short = (len(ask.messages) for ask in model.asked)
    assert short < full
    assert "text number 0" in model.asked[1].messages[2].text
    assert "text number 19" in model.asked[1].messages[-1].text


def test_a_short_prompt_that_is_too_long_is_no_use_to_shorten() -> None:
    model = speaking(ModelRequestTooLargeError("too long"))
    with pytest.raises(ModelRequestTooLargeError):
        list(
            voice_of(model).voice.words(
                Cue(kind="pump", instruction="Hint."), brief_of(small_plan()), conversation("a")
            )
        )
    assert len(model.asked) == 1


def test_other_errors_go_through() -> None:
    model = speaking(ModelUnavailableError("away"))
    with pytest.raises(ModelUnavailableError):
        list(
            voice_of(model).voice.words(
                Cue(kind="pump", instruction="Hint."), brief_of(small_plan()), conversation("a")
            )
        )
