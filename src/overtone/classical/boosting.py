"""Boosted trees over histograms of the features, stopped where validation rows no longer gain.

Friedman 2001, "Greedy function approximation: a gradient boosting machine"; trees over binned features as in
LightGBM (Ke et al. 2017). An iteration grows a tree for each label, so that many labels cost much: the number of
all trees is bounded, which bounds the time the same way on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from overtone.classical.calibrate import log_loss
from overtone.classical.choose import Progress, Rows, calibrated_loss, untold
from overtone.classical.estimator import EstimatorModel, fit_estimator
from overtone.classical.few import fitted

STEP = 10  # iterations between two looks at the validation rows
PATIENCE = 2  # looks without gain before it stops
LEAVES = 15  # of a tree


@dataclass(frozen=True)
class Growth:
    """How long trees may be grown: iterations, trees over all labels, and the step of each tree."""

    iterations: int
    trees: int
    learning_rate: float
    seed: int = 0

    def bound(self, labels: int, multi_label: bool) -> int:
        """The most iterations for so many labels: two labels need one tree an iteration."""
        each = labels if multi_label or labels > 2 else 1
        return max(1, min(self.iterations, self.trees // each))


def fit_boosting(
    growth: Growth,
    train: Rows,
    validation: Rows,
    labels: Sequence[str],
    multi_label: bool,
    progress: Progress = untold,
) -> tuple[EstimatorModel, int, bool]:
    """The calibrated model refitted on train and validation rows, its iterations, and whether the bound cut them.

    Without validation rows a half of the bound is grown.
    """
    bound = growth.bound(len(labels), multi_label)
    if not validation.wanted.shape[0]:
        best = max(1, bound // 2)
        return _grown(growth, best, train, labels, multi_label), best, False
    model, best, reached = _stopped(growth, bound, train, validation, labels, multi_label, progress)
    _, slope, shift = calibrated_loss(model, validation)
    final = _grown(growth, best, train.with_more(validation), labels, multi_label)
    progress(bound + 1, bound + 1)
    return final.scaled(slope, shift), best, reached


def _stopped(
    growth: Growth,
    bound: int,
    train: Rows,
    validation: Rows,
    labels: Sequence[str],
    multi_label: bool,
    progress: Progress,
) -> tuple[EstimatorModel, int, bool]:
    """The model when growth ended, the iterations of the least loss, and whether only the bound ended it."""
    done = min(STEP, bound)
    model = _grown(growth, done, train, labels, multi_label)
    losses = {done: log_loss(model.scores(validation.features), validation.wanted, multi_label)}
    while done < bound and not _stale(list(losses.values())):
        progress(done, bound + 1)
        done = min(done + STEP, bound)
        _grow(model, done, train)
        losses[done] = log_loss(model.scores(validation.features), validation.wanted, multi_label)
    best = min(losses, key=losses.__getitem__)
    return model, best, best == bound


def _stale(losses: Sequence[float]) -> bool:
    return len(losses) - 1 - losses.index(min(losses)) >= PATIENCE


def _grown(
    growth: Growth, iterations: int, rows: Rows, labels: Sequence[str], multi_label: bool
) -> EstimatorModel:
    from sklearn.ensemble import HistGradientBoostingClassifier

    def make() -> Any:
        return HistGradientBoostingClassifier(
            max_iter=iterations,
            learning_rate=growth.learning_rate,
            max_leaf_nodes=LEAVES,
            early_stopping=False,
            warm_start=True,
            random_state=growth.seed,
        )

    return fit_estimator(make, rows.features, rows.wanted, labels, multi_label)


def _grow(model: EstimatorModel, iterations: int, rows: Rows) -> None:
    """Grow every estimator on to so many iterations, in place."""
    for estimator, columns in zip(model.estimators, model.columns, strict=True):
        target = rows.wanted[:, columns[0]] if model.multi_label else rows.wanted.argmax(1)
        fitted(estimator.set_params(max_iter=iterations), rows.features, target)
