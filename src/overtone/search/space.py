"""A space: the settings to search in an order in which each stands behind those that it depends on."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from overtone.core.errors import UserError
from overtone.search.settings import Dimension

Values = dict[str, Any]  # setting of the plan to its value
SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Space:
    """The dimensions by the setting that each gives values to."""

    dimensions: Mapping[str, Dimension]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The settings, each behind those it depends on; UserError where they depend on each other in a circle."""
        placed: list[str] = []
        while len(placed) < len(self.dimensions):
            ready = [
                key
                for key, one in self.dimensions.items()
                if key not in placed and all(other in placed for other in one.when)
            ]
            if not ready:
                left = ", ".join(key for key in self.dimensions if key not in placed)
                raise UserError(f"search.space: these settings depend on each other in a circle: {left}.")
            placed.append(ready[0])
        return tuple(placed)

    def suggest(self, trial: Any) -> Values:
        """The values of an Optuna trial, asked for in order."""
        values: Values = {}
        for key in self.order:
            if holds(self.dimensions[key], values):
                values[key] = _suggested(self.dimensions[key], key, trial)
        return values

    def grid(self, seed: int) -> list[Values]:
        """Every combination of choices and of `points` values of each range, in an order drawn from the seed."""
        points: list[Values] = [{}]
        for key in self.order:
            dimension = self.dimensions[key]
            points = [
                {**values, key: value} if value is not _ABSENT else values
                for values in points
                for value in (steps(dimension) if holds(dimension, values) else [_ABSENT])
            ]
        random.Random(seed).shuffle(points)
        return points

    def samples(self) -> Iterator[Values]:
        """Values to try a plan with: the first of every setting, then each setting at each choice or end of range."""
        ends = {key: _ends(one) for key, one in self.dimensions.items()}
        for varied in self.order:
            for value in ends[varied]:
                yield self._around(varied, value, ends)

    def _around(self, varied: str, value: Any, ends: Mapping[str, list[Any]]) -> Values:
        """The first values of all settings, but one at a value, and what that depends on as it needs it."""
        forced = dict(_conditions(varied, self.dimensions)) | {varied: value}
        values: Values = {}
        for key in self.order:
            if holds(self.dimensions[key], values):
                values[key] = forced.get(key, ends[key][0])
        return values


_ABSENT = object()


def holds(dimension: Dimension, values: Mapping[str, Any]) -> bool:
    """Whether a dimension is searched where other settings have these values."""
    return all(key in values and values[key] in _wanted(value) for key, value in dimension.when.items())


def _wanted(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _conditions(key: str, dimensions: Mapping[str, Dimension]) -> Iterator[tuple[str, Any]]:
    """What a setting needs of others, and those in their turn."""
    for other, value in dimensions[key].when.items():
        yield from _conditions(other, dimensions)
        yield other, _wanted(value)[0]


def steps(dimension: Dimension) -> list[Any]:
    """The choices, or `points` values of the range, evenly apart (by the logarithm where it is searched so)."""
    if dimension.choices is not None:
        return dimension.choices
    low, high = dimension.low, dimension.high
    assert low is not None and high is not None
    shares = [place / (dimension.points - 1) for place in range(dimension.points)]
    found = [low * (high / low) ** share if dimension.log else low + (high - low) * share for share in shares]
    found = [min(max(value, low), high) for value in found]
    whole = isinstance(low, int) and isinstance(high, int)
    return list(dict.fromkeys(round(value) for value in found)) if whole else found


def _ends(dimension: Dimension) -> list[Any]:
    return [dimension.low, dimension.high] if dimension.choices is None else dimension.choices


def written(value: Any) -> Any:
    """A choice as a database can hold it: itself, or its JSON text where it is a list or a mapping."""
    return value if isinstance(value, SCALARS) else json.dumps(value, sort_keys=True)


def _suggested(dimension: Dimension, key: str, trial: Any) -> Any:
    if dimension.choices is not None:
        names = [written(choice) for choice in dimension.choices]
        return dimension.choices[names.index(trial.suggest_categorical(key, names))]
    whole = isinstance(dimension.low, int) and isinstance(dimension.high, int)
    suggest = trial.suggest_int if whole else trial.suggest_float
    return suggest(key, dimension.low, dimension.high, log=dimension.log)


def as_parameters(values: Mapping[str, Any]) -> Values:
    """Values as the parameters of a trial."""
    return {key: written(value) for key, value in values.items()}


def grid_size(space: Space) -> int:
    """How many points the grid has at most, without laying them out."""
    return prod(len(steps(one)) for one in space.dimensions.values())
