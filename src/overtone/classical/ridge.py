"""Ridge regression: a number from features, with weights held small.

Hoerl and Kennard 1970, "Ridge Regression: Biased Estimation for Nonorthogonal Problems", equation 2.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from overtone.classical.fit import centred
from overtone.classical.linear import Matrix

PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # of the squared weights, tried on validation rows


@dataclass(frozen=True)
class RidgeModel:
    """Weights (features,) and a bias; numbers never leave the range of those that it was fitted on."""

    weights: Any
    bias: float
    low: float
    high: float

    def numbers(self, features: Matrix) -> Any:
        """A number for each row of features: (rows,)."""
        import numpy as np

        return np.clip(features @ self.weights + self.bias, self.low, self.high)


def fit_ridge(penalty: float, features: Matrix, wanted: Any) -> RidgeModel:
    """Fit on features (rows, features) and numbers (rows,); dense features are centred and scaled first."""
    from sklearn.linear_model import Ridge

    scaled, mean, deviation = centred(features)
    model = Ridge(alpha=penalty, solver="lsqr", tol=1e-5).fit(scaled, wanted)
    weights = model.coef_ / deviation
    return RidgeModel(
        weights, float(model.intercept_ - mean @ weights), float(wanted.min()), float(wanted.max())
    )


def fit_best_ridge(
    train: tuple[Matrix, Any], validation: tuple[Matrix, Any], penalties: Sequence[float] = PENALTIES
) -> tuple[RidgeModel, float]:
    """The model of the penalty with the least squared error on validation rows, refitted on all rows; and it.

    Without validation rows the middle penalty is taken.
    """
    import numpy as np
    from scipy import sparse

    if not len(validation[1]):
        middle = penalties[len(penalties) // 2]
        return fit_ridge(middle, *train), middle
    errors = []
    for penalty in penalties:
        found = fit_ridge(penalty, *train).numbers(validation[0])
        errors.append(float(((found - validation[1]) ** 2).mean()))
    best = penalties[errors.index(min(errors))]
    stack = sparse.vstack if sparse.issparse(train[0]) else np.vstack
    rows = stack([train[0], validation[0]])
    return fit_ridge(best, rows, np.concatenate([train[1], validation[1]])), best
