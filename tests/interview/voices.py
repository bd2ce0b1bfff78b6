"""Casts in which a model speaks and follows: scripted ones, and whatever model a test brings."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from interviewer.interview.late import Later, do_now
from interviewer.interview.leak import LeakGuard
from interviewer.interview.log import EventLog
from interviewer.interview.opening import WORDING
from interviewer.interview.session import Cast
from interviewer.interview.speech import ModelledVoice
from interviewer.interview.tracker import COVERAGE, COVERAGE_TURN, ModelTracker
from interviewer.interview.voice import INTERVIEWER, MOVES, ModelVoice
from interviewer.models.language import TURN_DEADLINES, Ask, Deadlines, LanguageModel
from interviewer.models.scripted import Line, ScriptedModel
from interviewer.prompts.read import read_prompt
from interviewer.rubric import Rubric
from tests.interview.stage import cast_for, small_plan, small_rubric

NO_POINTS = '{"points": []}'


def voice_of(model: LanguageModel, deadlines: Deadlines = TURN_DEADLINES) -> ModelledVoice:
    moves = read_prompt(MOVES)
    voice = ModelVoice(model, read_prompt(INTERVIEWER), moves, secret="secret", deadlines=deadlines)
    return ModelledVoice(voice, moves, read_prompt(WORDING))


def tracker_of(model: LanguageModel, rubric: Rubric) -> ModelTracker:
    return ModelTracker(
        model,
        rubric,
        template=read_prompt(COVERAGE),
        turn=read_prompt(COVERAGE_TURN),
        new_nonce=lambda: "abcdefabcdef",
    )


def modelled_cast(
    model: LanguageModel,
    *,
    tracks: bool = False,
    later: Later = do_now,
    log: EventLog | None = None,
    guard: LeakGuard | None = None,
) -> Cast:
    """The small drill with a model's voice, and its tracker where `tracks` says so."""
    rubric = small_rubric()
    cast = cast_for(small_plan(), rubric, log=log, guard=guard)
    tracker = tracker_of(model, rubric) if tracks else None
    return replace(cast, voice=voice_of(model), tracker=tracker, later=later)


def is_coverage(ask: Ask) -> bool:
    return ask.prompt == COVERAGE


def speaking(*lines: Line, points: Callable[[Ask], Line] | str = NO_POINTS) -> ScriptedModel:
    """A model that says these lines in turn, the last one for good, and follows coverage as told."""
    said: list[Line] = list(lines)

    def script(ask: Ask) -> Line:
        if is_coverage(ask):
            return points if isinstance(points, str) else points(ask)
        return said.pop(0) if len(said) > 1 else said[0]

    return ScriptedModel(script)


def texts_of(asks: Sequence[Ask]) -> str:
    """Every text of every message of these asks."""
    return "\n".join(message.text for ask in asks for message in ask.messages)
