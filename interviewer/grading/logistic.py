"""A fitted logistic model with two thresholds and an unsure zone, read from JSON and run with numpy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interviewer.grading.features import Row
from interviewer.noun import Noun
from interviewer.verdict import Label


class Logistic(Noun):
    """`mean`, `scale`, `weights` per feature; probabilities in [0, 1].

    A probability of `met_from` on is met, of `partial_from` on partial; between `unsure_from` and `unsure_to` the
    verdict is not sure.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    met_from: float
    partial_from: float
    unsure_from: float
    unsure_to: float

    def probability(self, row: Row) -> float:
        """Probability in [0, 1] that a criterion with these features is met."""
        scaled = (row - np.array(self.mean)) / np.array(self.scale)
        score = float(scaled @ np.array(self.weights)) + self.intercept
        return float(1 / (1 + np.exp(-np.clip(score, -40, 40))))

    def label(self, probability: float) -> Label:
        if probability >= self.met_from:
            return "met"
        return "partial" if probability >= self.partial_from else "not_met"

    def is_sure(self, probability: float) -> bool:
        return not self.unsure_from <= probability <= self.unsure_to


def read_logistic(data: Mapping[str, Any], features: Sequence[str]) -> Logistic:
    """The model of that name in a JSON object; its features must be the ones that the code computes."""
    if tuple(data["features"]) != tuple(features):
        raise ValueError("the model was fitted on other features")
    return Logistic(**{name: data[name] for name in Logistic.model_fields})
