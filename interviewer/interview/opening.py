"""The authored data that every plan is made with, read once, and a plan made with it."""

from pydantic import ValidationError

from interviewer.errors import ShippedDataError
from interviewer.interview.intents import IntentRule, parse_intents
from interviewer.interview.plan import FollowUpJoin, Mode, Plan, build_plan
from interviewer.noun import Noun
from interviewer.prompts.read import read_prompt
from interviewer.rubric import Grade, Rubric
from interviewer.scenario import Scenario

FOLLOW_UPS = "follow_ups@1"
INTENTS = "intents@1"
VOCABULARY = "vocabulary@1"
WORDING = "wording@1"


class PlanData(Noun):
    """The table of listed follow-ups, the intent rules, words of the field."""

    joins: tuple[FollowUpJoin, ...]
    intents: tuple[IntentRule, ...]
    common_words: tuple[str, ...]


def read_plan_data() -> PlanData:
    """The released data, verified.

    Raises:
        ShippedDataError: a file is missing, changed or does not parse.
    """
    try:
        joins = tuple(FollowUpJoin.model_validate(row) for row in read_prompt(FOLLOW_UPS))
    except ValidationError as error:
        raise ShippedDataError(f"{FOLLOW_UPS} does not parse ({error.error_count()} faults).") from error
    return PlanData(
        joins=joins, intents=parse_intents(read_prompt(INTENTS)), common_words=tuple(read_prompt(VOCABULARY))
    )


def plan_interview(
    scenario: Scenario, rubric: Rubric, data: PlanData, *, mode: Mode, level: Grade, minutes: int
) -> Plan:
    """The plan of one interview with the released data."""
    return build_plan(
        scenario,
        rubric,
        mode=mode,
        level=level,
        minutes=minutes,
        joins=data.joins,
        common_words=data.common_words,
        intents=data.intents,
    )
