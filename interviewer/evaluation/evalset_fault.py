"""A fault of an eval set, and what is looked at to find some."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from interviewer.evaluation.evalset import EvalQuery, EvalRows
from interviewer.evaluation.places import Place
from interviewer.noun import Noun
from interviewer.scenario import DrillDocument

FaultKind = Literal[
    "unreadable",
    "doubled_id",
    "doubled_text",
    "near_duplicate",
    "unknown_scenario",
    "unknown_query",
    "unknown_bullet",
    "unknown_document",
    "wrong_section",
    "wrong_span",
    "doubled_qrel",
    "doubled_judgement",
    "relevant_and_not",
    "qrel_of_unanswerable",
    "no_qrel",
    "no_answering_qrel",
    "no_qrel_in_scenario",
    "one_section",
    "doubled_answer",
    "answer_of_unanswerable",
    "bullet_not_in_qrels",
    "reference_length",
    "too_few",
    "unbalanced_kinds",
    "uncovered_scenario",
    "unanswerable_share",
    "doubled_smoke",
    "smoke_spread",
]


class EvalFault(Noun):
    """What is wrong, and where: `place` is `file`, or `file:line:field`."""

    kind: FaultKind
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class Checked(NamedTuple):
    """The rows of a folder, with what they refer to."""

    rows: EvalRows
    known: Mapping[str, EvalQuery]
    places: Mapping[str, Place]
    document: DrillDocument
    folder: Path

    def fault(self, kind: FaultKind, file: str, what: str, line: int = 0, field: str = "") -> EvalFault:
        tail = f":{line}:{field}" if line else ""
        return EvalFault(kind=kind, place=f"{self.folder / file}{tail}", what=what)
