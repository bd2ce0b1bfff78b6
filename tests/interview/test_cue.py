"""What the model that speaks is told of a move: neutral questions, and never the key."""

import pytest

from interviewer.interview.cue import Observation, build_cue, is_authored_only
from interviewer.interview.move import Move, MoveKind
from interviewer.interview.opening import WORDING
from interviewer.interview.terms import stem, words
from interviewer.interview.voice import MOVES
from interviewer.prompts.read import read_prompt
from tests.interview.stage import (
    SAID,
    begin,
    cast_for,
    shipped_document,
    shipped_plan,
    shipped_rubric,
    small_plan,
    talk,
)
from tests.interview.voices import speaking, texts_of, voice_of

PUBLIC_RUN = 8


def cue_of(move: Move, earned: tuple[Observation, ...] = ()) -> str:
    return build_cue(move, small_plan(), earned, read_prompt(MOVES), read_prompt(WORDING)).instruction


@pytest.mark.parametrize("kind", ["partial", "reveal", "self_rating", "debrief"])
def test_hints_that_give_something_away_are_never_worded_by_a_model(kind: MoveKind) -> None:
    move = Move(kind=kind, reason="r", slots={"statement": "Looks at the depth of the mail queue."})
    assert is_authored_only(move)
    with pytest.raises(ValueError, match="never worded by a model"):
        cue_of(move)


def test_a_question_of_the_plan_gets_in_and_any_other_text_does_not() -> None:
    probe = small_plan().probes[0]
    asked = Move(kind="probe", reason="r", question=probe.text, question_id=probe.id)
    assert probe.text in cue_of(asked)
    with pytest.raises(ValueError, match="neither a listed follow-up nor an authored probe"):
        cue_of(asked.model_copy(update={"question": "Looks at the depth of the mail queue"}))


def test_nothing_but_the_named_parts_of_a_move_is_told() -> None:
    probe = small_plan().probes[0]
    move = Move(
        kind="probe",
        reason="aims at SECRET-REASON",
        question=probe.text,
        targets=("SECRET-TARGET",),
        slots={"statement": "SECRET-SLOT"},
    )
    assert "SECRET" not in cue_of(move)


def test_facts_that_were_earned_are_told_again_so_that_they_stay_the_same() -> None:
    move = Move(kind="clarify", variant="incident", reason="r", question=small_plan().probes[0].text)
    earned = (Observation(turn=4, asked="Is the relay in the same zone?", told="Assume it is."),)
    assert "Is the relay in the same zone?" in cue_of(move, earned)
    assert "nothing yet" in cue_of(move)


def test_every_move_that_a_model_may_word_has_an_instruction() -> None:
    kinds = {"hold": ("thin", "wait", "no_more_hints"), "clarify": ("question", "incident")}
    simple: tuple[MoveKind, ...] = (
        "brief", "ask_follow_up", "probe", "redirect", "repeat", "neutral", "decline", "time_check", "pump", "narrow",
        "wrap_up",
    )  # fmt: skip
    question = small_plan().probes[0].text
    moves = [Move(kind=kind, reason="r", question=question) for kind in simple]
    moves += [Move(kind="hold", reason="r", variant=variant) for variant in kinds["hold"]]
    moves += [Move(kind="clarify", reason="r", variant=variant, question=question) for variant in kinds["clarify"]]
    assert all(len(cue_of(move)) > 10 for move in moves)


@pytest.mark.parametrize("number", range(1, 13))
def test_no_prompt_of_a_whole_interview_holds_a_run_of_the_key(number: int) -> None:
    """Every request of the speaker, coach hints included, against every key bullet and statement of the drill."""
    document, rubric = shipped_document(), shipped_rubric(number)
    scenario = document.scenario(number)
    assert scenario is not None
    plan = shipped_plan(number, mode="coach")
    model = speaking("What do you look at first?")
    cast = cast_for(plan, rubric)
    object.__setattr__(cast, "voice", voice_of(model))
    session = begin(cast)
    for place in range(8):
        talk(session, [f"{SAID} That is step {place}."])
        for _ in range(4):
            "".join(session.hint())
    key = [one.text for one in scenario.key_bullets] + [one.statement for one in rubric.scenario.criteria]
    public = runs(" / ".join([scenario.title, scenario.prompt, *(one.text for one in scenario.follow_ups)]))
    # what was said is in the conversation of later prompts; a reveal is said in authored words, by name and price
    revealed = {said.text for said in session.state.transcript.turns if "marking guide" in said.text}
    told = texts_of(model.asked)
    for text in revealed:
        told = told.replace(text, "")
    assert len(model.asked) > 8
    assert [run for text in key for run in runs(text) - public if run in runs(told)] == []


def runs(text: str) -> set[tuple[str, ...]]:
    stems = [stem(word) for word in words(text)]
    return {tuple(stems[start : start + PUBLIC_RUN]) for start in range(len(stems) - PUBLIC_RUN + 1)}
