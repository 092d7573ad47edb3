"""Choose the regularisation strength on validation rows, then refit on all rows with the best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from overtone.classical.calibrate import calibrate, log_loss
from overtone.classical.fit import Solver, fit_linear
from overtone.classical.linear import LinearModel, Matrix

Progress = Callable[[int, int], None]  # fits done, of how many


@dataclass(frozen=True)
class Rows:
    """Features (rows, features) with wanted labels (rows, labels) of 0 and 1."""

    features: Matrix
    wanted: Any


def fit_best(
    solver: Solver,
    strengths: Sequence[float],
    train: Rows,
    validation: Rows,
    labels: Sequence[str],
    multi_label: bool = False,
    seed: int = 0,
    progress: Progress = lambda done, total: None,
) -> tuple[LinearModel, float]:
    """The calibrated model refitted on train and validation rows, and the strength that it uses.

    The strength with the smallest calibrated log loss on validation rows wins: it uses every probability,
    so it picks well from far fewer rows than accuracy does. Without validation rows the middle one is taken.
    """
    if not validation.wanted.shape[0]:
        strength = strengths[len(strengths) // 2]
        return fit_linear(solver, strength, train.features, train.wanted, labels, multi_label, seed), strength
    tried = []
    for done, strength in enumerate(strengths):
        model = fit_linear(solver, strength, train.features, train.wanted, labels, multi_label, seed)
        scores = model.scores(validation.features)
        slope, shift = calibrate(scores, validation.wanted, multi_label)
        loss = log_loss(slope * scores + shift, validation.wanted, multi_label)
        tried.append((loss, strength, slope, shift))
        progress(done + 1, len(strengths) + 1)
    _, strength, slope, shift = min(tried)
    both = _together(train, validation)
    model = fit_linear(solver, strength, both.features, both.wanted, labels, multi_label, seed)
    progress(len(strengths) + 1, len(strengths) + 1)
    return model.scaled(slope, shift), strength


def _together(first: Rows, second: Rows) -> Rows:
    import numpy as np
    from scipy import sparse

    stack = sparse.vstack if sparse.issparse(first.features) else np.vstack
    return Rows(stack([first.features, second.features]), np.vstack([first.wanted, second.wanted]))
