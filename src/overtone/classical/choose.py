"""Choose among candidates on validation rows, then refit the best on all rows, its probabilities calibrated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from overtone.classical.calibrate import calibrate, log_loss
from overtone.classical.fit import Solver, fit_linear
from overtone.classical.linear import LinearModel, Matrix

Progress = Callable[[int, int], None]  # fits done, of how many


def untold(done: int, total: int) -> None:
    """The progress that nobody hears."""


@dataclass(frozen=True)
class Rows:
    """Features (rows, features) with wanted labels (rows, labels) of 0 and 1."""

    features: Matrix
    wanted: Any

    def with_more(self, more: "Rows") -> "Rows":
        """These rows, then others."""
        import numpy as np
        from scipy import sparse

        stack = sparse.vstack if sparse.issparse(self.features) else np.vstack
        return Rows(stack([self.features, more.features]), np.vstack([self.wanted, more.wanted]))


class Scorer(Protocol):
    """A fitted model whose scores can be calibrated."""

    @property
    def multi_label(self) -> bool:
        """Whether each label stands alone."""
        ...

    def scores(self, features: Matrix) -> Any:
        """Scores before probabilities: (rows, labels)."""
        ...

    def scaled(self, slope: float, shift: float) -> Self:
        """The same model with scores `slope * score + shift`."""
        ...


Choice = TypeVar("Choice")
Fitted = TypeVar("Fitted", bound=Scorer)


def choose(
    candidates: Mapping[Choice, Callable[[Rows], Fitted]],
    train: Rows,
    validation: Rows,
    progress: Progress = untold,
) -> tuple[Fitted, Choice]:
    """The calibrated model refitted on train and validation rows, and which candidate it is.

    The candidate with the smallest calibrated log loss on validation rows wins, the first among equals: it uses
    every probability, so it picks well from far fewer rows than accuracy does. Without validation rows the
    middle one is taken.
    """
    choices = list(candidates)
    if not validation.wanted.shape[0]:
        middle = choices[len(choices) // 2]
        return candidates[middle](train), middle
    tried = []
    for done, choice in enumerate(choices):
        loss, slope, shift = calibrated_loss(candidates[choice](train), validation)
        tried.append((loss, done, slope, shift))
        progress(done + 1, len(choices) + 1)
    _, best, slope, shift = min(tried)
    model = candidates[choices[best]](train.with_more(validation))
    progress(len(choices) + 1, len(choices) + 1)
    return model.scaled(slope, shift), choices[best]


def calibrated_loss(model: Scorer, rows: Rows) -> tuple[float, float, float]:
    """Log loss on rows of scores calibrated on them, with the slope and the shift."""
    scores = model.scores(rows.features)
    slope, shift = calibrate(scores, rows.wanted, model.multi_label)
    return log_loss(slope * scores + shift, rows.wanted, model.multi_label), slope, shift


def fit_best(
    solver: Solver,
    strengths: Sequence[float],
    train: Rows,
    validation: Rows,
    labels: Sequence[str],
    multi_label: bool = False,
    seed: int = 0,
    progress: Progress = untold,
) -> tuple[LinearModel, float]:
    """The linear model of the best regularisation strength, and that strength."""
    return choose(
        {one: partial(linear, solver, one, labels, multi_label, seed) for one in strengths},
        train,
        validation,
        progress,
    )


def linear(
    solver: Solver, strength: float, labels: Sequence[str], multi_label: bool, seed: int, rows: Rows
) -> LinearModel:
    """A linear model of rows."""
    return fit_linear(solver, strength, rows.features, rows.wanted, labels, multi_label, seed)
