"""A linear classifier: one score a label from weighted features, turned into probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

Matrix = Any  # a numpy array or a scipy sparse matrix, (rows, features)
NEVER = -30.0  # the score of a label that no row carries: a probability near zero, still finite


@dataclass(frozen=True)
class LinearModel:
    """Weights (labels, features) and biases (labels,) in float32; softmax over labels, or a sigmoid each."""

    labels: tuple[str, ...]
    weights: Any
    biases: Any
    multi_label: bool = False

    def scores(self, features: Matrix) -> Any:
        """Scores before probabilities: (rows, labels)."""
        return features @ self.weights.T + self.biases

    def probabilities(self, features: Matrix) -> Any:
        """Probabilities (rows, labels): rows sum to one, or each stands alone where multi-label."""
        return to_probabilities(self.scores(features), self.multi_label)

    def scaled(self, slope: float, shift: float) -> Self:
        """The same model with scores `slope * score + shift`; how calibration is folded into the weights."""
        return replace(self, weights=self.weights * slope, biases=self.biases * slope + shift)


def to_probabilities(scores: Any, multi_label: bool) -> Any:
    """Softmax of scores (rows, labels), or a sigmoid of each."""
    from scipy.special import expit, softmax

    return expit(scores) if multi_label else softmax(scores, axis=1)


def targets(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> Any:
    """Which label each row carries: a matrix of 0 and 1, (rows, labels)."""
    import numpy as np

    place = {label: index for index, label in enumerate(labels)}
    matrix = np.zeros((len(rows), len(labels)), dtype=np.float32)
    for row, carried in enumerate(rows):
        matrix[row, [place[label] for label in carried]] = 1
    return matrix
