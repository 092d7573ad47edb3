"""Which of two is preferred: the difference of their features, weighted.

Bradley and Terry 1952, "Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons", Biometrika
39: the log odds that one is preferred are the difference of what both are worth; here a worth is a weighted sum of
features. What both share, such as their prompt, cancels.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from overtone.classical.choose import Rows, choose, linear
from overtone.classical.fit import logistic_regression
from overtone.classical.linear import Matrix, targets

SIDES = ("first", "second")


def fit_worths(gains: Matrix, validation: Matrix, strengths: Sequence[float], seed: int) -> tuple[Any, float]:
    """What each feature is worth, (features,), and the strength C of logistic regression that was chosen.

    Gains (pairs, features) are the features of the better one less those of the other; without validation pairs the
    middle strength is taken.
    """
    candidates = {one: partial(linear, logistic_regression, one, SIDES, False, seed) for one in strengths}
    model, strength = choose(candidates, both_ways(gains), both_ways(validation))
    return model.weights[0] - model.weights[1], strength


def both_ways(gains: Matrix) -> Rows:
    """Each pair with the better one first, then each with it second, so that no side is better by itself."""
    count = gains.shape[0]
    first, second = (
        Rows(sign * gains, targets([[side]] * count, SIDES)) for sign, side in zip((1, -1), SIDES)
    )
    return first.with_more(second)
