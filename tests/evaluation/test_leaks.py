"""An interviewer that gives the key away is caught, and ours is not caught."""

from interviewer.drills.parse import parse_drills
from interviewer.evaluation.leaks import CANARY, find_leaks
from interviewer.interview.move import Move
from interviewer.interview.opening import WORDING, read_plan_data
from interviewer.interview.speaker import OfflineSpeaker
from interviewer.prompts.read import read_prompt
from interviewer.transcript import Transcript
from tests.interview.stage import DRILL, small_rubric

SCENARIOS = parse_drills(DRILL).scenarios
DATA = read_plan_data()
OURS = OfflineSpeaker(read_prompt(WORDING), DATA.common_words)
KEY = SCENARIOS[0].key_bullets


class Gossip:
    """Says what it was given to say, and then a bullet of the key."""

    identity = "gossip@1"

    def __init__(self, words: str) -> None:
        self._words = words

    def say(self, move: Move, transcript: Transcript) -> str:
        return f"{OURS.say(move, transcript)} {self._words}"

    def say_plainly(self, move: Move) -> str:
        return OURS.say_plainly(move)


def test_our_interviewer_gives_nothing_away() -> None:
    found = find_leaks(SCENARIOS, {SCENARIOS[0].number: small_rubric()}, DATA, OURS, lambda: 0.0)
    assert found.turns == 5
    assert found.leaked == ()
    assert found.rate == 0.0


def test_the_canary_and_the_words_of_the_key_are_caught() -> None:
    longest = max((one.text for one in KEY), key=len)
    for words in (CANARY, longest):
        found = find_leaks(SCENARIOS, {SCENARIOS[0].number: small_rubric()}, DATA, Gossip(words), lambda: 0.0)
        assert found.rate > 0.5, words


def test_nothing_seen_is_not_nothing_leaked() -> None:
    assert find_leaks(SCENARIOS, {}, DATA, OURS, lambda: 0.0).rate == 1.0
