"""Fitted scikit-learn estimators as one model: their scores side by side, a column for each label.

They live in memory only: such estimators can be kept by pickling alone, which nothing here does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from overtone.classical.few import fitted
from overtone.classical.linear import NEVER, Matrix, to_probabilities

Make = Callable[[], Any]  # makes an estimator that has `fit` and `decision_function`


@dataclass(frozen=True)
class EstimatorModel:
    """One estimator over the labels that rows carry, or one for each label where several may hold.

    `columns` says which labels each estimator scores; `constants` (labels,) are the scores of labels that no
    estimator knows.
    """

    labels: tuple[str, ...]
    estimators: tuple[Any, ...]
    columns: tuple[Sequence[int], ...]
    constants: Any
    multi_label: bool = False
    slope: float = 1.0
    shift: float = 0.0

    def scores(self, features: Matrix) -> Any:
        """Scores before probabilities: (rows, labels)."""
        import numpy as np

        scores = np.tile(self.constants, (features.shape[0], 1))
        for estimator, columns in zip(self.estimators, self.columns, strict=True):
            found = estimator.decision_function(features)
            if len(columns) == 2:  # one score for two classes: split it between them
                found = np.stack([-found, found], axis=1) / 2
            scores[:, columns] = found.reshape(len(scores), len(columns))
        return self.slope * scores + self.shift

    def probabilities(self, features: Matrix) -> Any:
        """Probabilities (rows, labels): rows sum to one, or each stands alone where multi-label."""
        return to_probabilities(self.scores(features), self.multi_label)

    def scaled(self, slope: float, shift: float) -> Self:
        """The same model with scores `slope * score + shift`."""
        return replace(self, slope=self.slope * slope, shift=self.shift * slope + shift)


def fit_estimator(
    make: Make, features: Matrix, wanted: Any, labels: Sequence[str], multi_label: bool
) -> EstimatorModel:
    """Fit on features (rows, features) and wanted labels (rows, labels) of 0 and 1."""
    fit = _each_label if multi_label else _one_label
    estimators, columns, constants = fit(make, features, wanted)
    return EstimatorModel(tuple(labels), estimators, columns, constants, multi_label)


def _one_label(make: Make, features: Matrix, wanted: Any) -> tuple[Any, Any, Any]:
    """One estimator of all labels that rows carry; the others never win."""
    import numpy as np

    classes = wanted.argmax(1)
    present = np.unique(classes).tolist()
    constants = np.full(wanted.shape[1], NEVER)
    if len(present) == 1:
        constants[present] = 0.0
        return (), (), constants
    return (fitted(make(), features, classes),), (present,), constants


def _each_label(make: Make, features: Matrix, wanted: Any) -> tuple[Any, Any, Any]:
    """An estimator of each label that some rows carry and others do not."""
    import numpy as np

    constants = np.where(wanted.min(0) == 1, -NEVER, NEVER).astype(float)
    varied = [label for label in range(wanted.shape[1]) if wanted[:, label].min() != wanted[:, label].max()]
    estimators = tuple(make().fit(features, wanted[:, label]) for label in varied)
    return estimators, tuple([label] for label in varied), constants
