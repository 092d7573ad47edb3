"""Which settings moved the objective: permutation importance in a forest fitted to the trials.

Breiman 2001, "Random Forests", Machine Learning 45, section 10: how much worse the forest predicts where the values
of one setting are shuffled among the trials.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from overtone.search.outcome import Outcome
from overtone.search.settings import Dimension

FEWEST = 6  # finished trials from which importance is told
TREES, SHUFFLES = 200, 20


@dataclass(frozen=True)
class Importance:
    """The share of each setting, summing to one, and how much of the objective the forest explains unseen."""

    shares: Mapping[str, float]
    explained: float  # R² out of bag: 0 or less where the shares mean nothing
    trials: int


def importance(
    outcomes: Sequence[Outcome], objective: str, dimensions: Mapping[str, Dimension], seed: int
) -> Importance | None:
    """Importance over the finished trials; None where they are too few or all alike."""
    done = [one for one in outcomes if one.state == "finished"]
    wanted = [one.measures[objective] for one in done]
    if len(done) < FEWEST or len(set(wanted)) < 2:
        return None
    import numpy as np
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance

    columns = [(key, column) for key, one in dimensions.items() for column in _columns(key, one, done)]
    features = np.array([column for _, column in columns]).T
    forest = RandomForestRegressor(TREES, oob_score=True, min_samples_leaf=2, random_state=seed)
    forest.fit(features, wanted)
    found = permutation_importance(forest, features, wanted, n_repeats=SHUFFLES, random_state=seed)
    shares = dict.fromkeys(dimensions, 0.0)
    for (key, _), fall in zip(columns, found.importances_mean, strict=True):
        shares[key] += max(0.0, float(fall))
    total = sum(shares.values()) or 1.0
    ordered = dict(sorted(((key, share / total) for key, share in shares.items()), key=lambda item: -item[1]))
    return Importance(ordered, float(forest.oob_score_), len(done))


def _columns(key: str, dimension: Dimension, outcomes: Sequence[Outcome]) -> list[list[float]]:
    """A range as one column of numbers (-1 below it where it was not searched), choices as a column each."""
    values = [one.values.get(key) for one in outcomes]
    if dimension.choices is not None:
        return [[float(value == choice) for value in values] for choice in dimension.choices]
    return [[share_of(value, dimension) if value is not None else -1.0 for value in values]]


def share_of(value: Any, dimension: Dimension) -> float:
    """Where a value lies between the first (0) and the last (1) that its dimension allows."""
    if dimension.choices is not None:
        return dimension.choices.index(value) / max(1, len(dimension.choices) - 1)
    low, high = dimension.low, dimension.high
    assert low is not None and high is not None
    if dimension.log:
        return (log(value) - log(low)) / (log(high) - log(low))
    return float((value - low) / (high - low))
