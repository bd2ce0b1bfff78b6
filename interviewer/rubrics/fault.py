"""A fault in a rubric file, as a value."""

from typing import Literal

from interviewer.noun import Noun

FaultKind = Literal[
    "unreadable",
    "missing_file",
    "stray_file",
    "wrong_scenario",
    "schema_version",
    "unknown_key",
    "missing_key",
    "wrong_type",
    "bad_weight",
    "bad_value",
    "unknown_competency",
    "missing_bullet",
    "doubled_bullet",
    "unknown_bullet",
    "foreign_bullet",
    "empty_text",
    "copied_statement",
    "leaking_probe",
    "two_questions",
    "same_probe",
    "doubled_phrasing",
    "missing_competency",
    "doubled_competency",
    "same_anchors",
    "thresholds_order",
    "credits_order",
    "hint_caps_order",
    "missing_expectation",
    "expectations_order",
]


class Fault(Noun):
    """What is wrong in a rubric folder.

    `file` is the path as it was given; `field` the place in it (`criteria[4].weight`, counted from 0; empty for the
    whole file); `bullet` the criterion concerned, if any; `next_step` what to do about it.
    """

    kind: FaultKind
    file: str
    field: str = ""
    bullet: str = ""
    what: str
    next_step: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}: " if self.field else f"{self.file}: "
        criterion = f"({self.bullet}) " if self.bullet else ""
        return f"{place}{criterion}{self.what} {self.next_step}"
