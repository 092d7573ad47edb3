"""Whether a training stopped too early or went on too long, as its losses on both parts of the rows show."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

Point = tuple[float, float]  # step, loss
Shape = Literal["diverged", "overfitting", "underfitting", "level"]

FEWEST_VALIDATIONS = 3
NOTABLE = 0.05  # a change of the validation loss by less than this share of it is taken for none


@dataclass(frozen=True, slots=True)
class Fit:
    """What the losses show. `best` is the lowest validation, `last` the last one; `train` the last training loss.

    `train` is the mean over the last tenth of the steps, `train_first` over the first; None where not recorded.
    """

    shape: Shape
    first: Point
    best: Point
    last: Point
    train_first: float | None
    train: float | None

    @property
    def rise(self) -> float:
        """How far the last validation lies above the best, as a share of the best."""
        return self.last[1] / self.best[1] - 1


def fit_of(train: Sequence[Point], validation: Sequence[Point]) -> Fit | None:
    """What the two curves show; None where there are too few validations to show anything."""
    finite = [point for point in validation if isfinite(point[1]) and point[1] > 0]
    if len(finite) < FEWEST_VALIDATIONS:
        return None
    tenth = max(1, len(train) // 10)
    began, ended = _mean(train[:tenth]), _mean(train[-tenth:])
    best = min(finite, key=lambda point: point[1])
    broken = len(finite) < len(validation) or not _sound(began, ended)
    shape: Shape = "diverged" if broken else _shape(finite, best)
    return Fit(shape, finite[0], best, finite[-1], began, ended)


def _shape(validation: Sequence[Point], best: Point) -> Shape:
    (_, before), last = validation[-2], validation[-1]
    if last[1] > best[1] * (1 + NOTABLE):
        return "overfitting"
    return "underfitting" if last == best and last[1] < before * (1 - NOTABLE) else "level"


def _sound(began: float | None, ended: float | None) -> bool:
    """Whether the training loss is a number and did not end above where it began."""
    if began is None or ended is None:
        return True
    return isfinite(began) and isfinite(ended) and ended <= began * (1 + NOTABLE)


def _mean(points: Sequence[Point]) -> float | None:
    return sum(loss for _, loss in points) / len(points) if points else None
