"""The shipped judge and gold transcripts, read once for all tests of a process."""

from functools import cache
from pathlib import Path

from interviewer.drills.read import read_drills
from interviewer.grading.embedded import EmbeddedJudge
from interviewer.grading.transcripts.imported import Imported
from interviewer.grading.transcripts.read import read_transcripts
from interviewer.models.minilm import MiniLM
from interviewer.rubric import Rubric
from interviewer.rubrics.read import read_rubrics
from interviewer.scenario import DrillDocument
from interviewer.shipped import shipped_path
from interviewer.transcript import Transcript, Turn

GOLD = shipped_path("evals/gold")


@cache
def document() -> DrillDocument:
    return read_drills(shipped_path("corpus/mlops_drills.txt"))


@cache
def rubrics() -> dict[int, Rubric]:
    return read_rubrics(shipped_path("rubrics"))


@cache
def judge() -> EmbeddedJudge:
    return EmbeddedJudge(MiniLM(), document())


def gold(name: str) -> Transcript:
    return read_one(GOLD / name.split("-")[0].replace("tr1", "train").replace("tr3", "train") / f"{name}.json")


def read_one(path: Path) -> Transcript:
    (found,) = read_transcripts(path)
    assert isinstance(found, Imported)
    return found.transcript


def with_answer(transcript: Transcript, text: str, question: str = "Anything else?") -> Transcript:
    """The transcript with one more question and answer."""
    more = (Turn(role="interviewer", text=question), Turn(role="candidate", text=text))
    return transcript.model_copy(update={"turns": (*transcript.turns, *more)})


def answers(scenario: int, *texts: str) -> Transcript:
    turns = [
        turn for text in texts for turn in (Turn(role="interviewer", text="Go on."), Turn(role="candidate", text=text))
    ]
    return Transcript(id="t", turns=tuple(turns), scenario=scenario)
