"""Fit a linear model at one regularisation strength: logistic regression or a linear support vector machine.

Dense features are centred and brought to a mean variance of one first: the solver then converges in a
fraction of the steps, and a strength means the same for every base. One factor for all features keeps their
proportions, which scored higher than a factor each. Both are folded into the weights.
"""

from collections.abc import Callable, Sequence
from typing import Any

from overtone.classical.few import fitted
from overtone.classical.linear import NEVER, LinearModel, Matrix

Solver = Callable[[float, int], Any]  # regularisation strength C (larger is freer) and seed to an estimator


def logistic_regression(strength: float, seed: int) -> Any:
    """Multinomial logistic regression by L-BFGS; best on dense features."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, tol=1e-4, max_iter=2000, random_state=seed)


def linear_svm(strength: float, seed: int) -> Any:
    """Linear support vector machine, a label against the rest (Fan et al. 2008); best on sparse features."""
    from sklearn.svm import LinearSVC

    return LinearSVC(C=strength, tol=1e-2, max_iter=10_000, random_state=seed)


def fit_linear(
    solver: Solver,
    strength: float,
    features: Matrix,
    wanted: Any,
    labels: Sequence[str],
    multi_label: bool = False,
    seed: int = 0,
) -> LinearModel:
    """Fit on features (rows, features) and wanted labels (rows, labels) of 0 and 1."""
    scaled, mean, deviation = centred(features)
    fit = _each_label if multi_label else _one_label
    weights, biases = fit(solver, strength, scaled, wanted, seed)
    weights = weights / deviation
    biases = biases - weights @ mean
    return LinearModel(tuple(labels), weights.astype("float32"), biases.astype("float32"), multi_label)


def centred(features: Matrix) -> tuple[Matrix, Any, float]:
    """Features with mean 0 and mean variance 1, their means and the factor; sparse ones stay as they are."""
    import numpy as np
    from scipy import sparse

    if sparse.issparse(features):
        return features, np.zeros(features.shape[1]), 1.0
    exact = np.asarray(features, dtype=np.float64)
    mean = exact.mean(0)
    deviation = float(np.sqrt(exact.var(0).mean())) or 1.0  # rows that are all alike have none
    return ((exact - mean) / deviation).astype(np.float32), mean, deviation


def _one_label(solver: Solver, strength: float, features: Matrix, wanted: Any, seed: int) -> tuple[Any, Any]:
    """Weights and biases of all labels where each row carries one; labels without a row never win."""
    import numpy as np

    classes = wanted.argmax(1)
    present = np.unique(classes)
    weights = np.zeros((wanted.shape[1], features.shape[1]))
    biases = np.full(wanted.shape[1], NEVER)
    if len(present) == 1:
        biases[present] = 0.0
        return weights, biases
    estimator = fitted(solver(strength, seed), features, classes)
    found, intercept = estimator.coef_, estimator.intercept_
    if len(present) == 2:  # scikit-learn keeps one row for two classes: split it between them
        found, intercept = np.vstack([-found, found]) / 2, np.concatenate([-intercept, intercept]) / 2
    weights[present], biases[present] = found, intercept
    return weights, biases


def _each_label(solver: Solver, strength: float, features: Matrix, wanted: Any, seed: int) -> tuple[Any, Any]:
    """Weights and biases of all labels where each is a yes or no of its own."""
    import numpy as np

    weights = np.zeros((wanted.shape[1], features.shape[1]))
    biases = np.zeros(wanted.shape[1])
    for label, column in enumerate(wanted.T):
        if column.min() == column.max():
            biases[label] = -NEVER if column.all() else NEVER
            continue
        estimator = solver(strength, seed).fit(features, column)
        weights[label], biases[label] = estimator.coef_[0], estimator.intercept_[0]
    return weights, biases
