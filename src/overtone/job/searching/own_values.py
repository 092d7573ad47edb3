"""The plan's own values as a point of the space, so that a search begins with what it has to beat."""

from typing import Any

from overtone.job.searching.values import with_values
from overtone.plan import Plan
from overtone.plan.override import keys_of
from overtone.search.settings import Dimension
from overtone.search.space import Space, Values, holds


def own_values(plan: Plan, space: Space) -> Values | None:
    """What the plan itself has of every setting that is searched; None where a value lies outside the space."""
    found: Values = {}
    for key in space.order:
        dimension = space.dimensions[key]
        if holds(dimension, found):
            value = _own(plan, key, dimension, found)
            if value is None:
                return None
            found[key] = value
    return found


def _own(plan: Plan, key: str, dimension: Dimension, found: Values) -> Any:
    """The choice that leaves the plan as it is, or its number within the range."""
    own = _at(with_values(plan, {}), key)
    if dimension.choices is not None:
        alike = (one for one in dimension.choices if _at(with_values(plan, {**found, key: one}), key) == own)
        return next(alike, None)
    low, high = dimension.low, dimension.high
    assert low is not None and high is not None
    return own if isinstance(own, int | float) and low <= own <= high else None


def _at(plan: Plan, key: str) -> Any:
    """The plain value at a path of a plan; None where there is none."""
    value: Any = plan.model_dump(mode="json")
    for step in keys_of(key):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value
