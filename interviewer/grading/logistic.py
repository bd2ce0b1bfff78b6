"""A fitted multinomial logistic model with thresholds and an unsure zone, read from JSON and run with numpy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interviewer.grading.fits import Row
from interviewer.noun import Noun
from interviewer.verdict import Label


class Chances(Noun):
    """Probabilities in [0, 1] that a criterion is met and that it is met in part."""

    met: float
    partial: float

    @property
    def credit(self) -> float:
        """What is to be expected where a part counts half."""
        return self.met + self.partial / 2


class Logistic(Noun):
    """`mean`, `scale` per feature; `weights` and `intercepts` per class (not met, partial, met).

    A chance of `met_from` on is met, an expected credit of `partial_from` on partial; between `unsure_from` and
    `unsure_to` the chance of met makes no sure verdict.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    met_from: float
    partial_from: float
    unsure_from: float
    unsure_to: float

    def chances(self, row: Row) -> Chances:
        scaled = (row - np.array(self.mean)) / np.array(self.scale)
        scores = np.array(self.weights) @ scaled + np.array(self.intercepts)
        shares = np.exp(scores - scores.max())
        _, partial, met = shares / shares.sum()
        return Chances(met=float(met), partial=float(partial))

    def label(self, chances: Chances) -> Label:
        if chances.met >= self.met_from:
            return "met"
        return "partial" if chances.credit >= self.partial_from else "not_met"

    def is_sure(self, chances: Chances) -> bool:
        return not self.unsure_from <= chances.met <= self.unsure_to


def read_logistic(data: Mapping[str, Any], features: Sequence[str]) -> Logistic:
    """The model of that name in a JSON object; its features must be the ones that the code computes."""
    if tuple(data["features"]) != tuple(features):
        raise ValueError("the model was fitted on other features")
    return Logistic(**{name: data[name] for name in Logistic.model_fields})
