"""The plan's own values as a point of the space, so that a search begins with what it has to beat."""

from typing import Any

from overtone.core.errors import UserError
from overtone.job.searching.values import with_values
from overtone.plan import Plan
from overtone.plan.override import keys_of
from overtone.search.settings import Dimension
from overtone.search.space import Space, Values, holds


def own_values(plan: Plan, space: Space) -> Values | None:
    """What the plan itself has of every setting that is searched; None where a value lies outside the space."""
    resolved, found = with_values(plan, {}), Values()
    for key in space.order:
        dimension = space.dimensions[key]
        if holds(dimension, found):
            own = _at(resolved, key)
            value = (
                _number(dimension, own) if dimension.choices is None else _choice(plan, key, dimension, own)
            )
            if value is None:
                return None
            found[key] = value
    return found


def _choice(plan: Plan, key: str, dimension: Dimension, own: Any) -> Any:
    """The first choice that leaves the plan as it is."""
    return next((one for one in dimension.choices or () if _leaves(plan, key, one, own)), None)


def _leaves(plan: Plan, key: str, choice: Any, own: Any) -> bool:
    """Whether a choice is what the plan has; one that does not hold beside its other settings is not."""
    try:
        return bool(_at(with_values(plan, {key: choice}), key) == own)
    except UserError:
        return False


def _number(dimension: Dimension, own: Any) -> Any:
    """The plan's number where it lies within the range, and is whole where the range is."""
    low, high = dimension.low, dimension.high
    assert low is not None and high is not None
    if not isinstance(own, int | float) or not low <= own <= high:
        return None
    if isinstance(low, int) and isinstance(high, int):
        return int(own) if own == int(own) else None
    return own


def _at(plan: Plan, key: str) -> Any:
    """The plain value at a path of a plan; None where there is none."""
    value: Any = plan.model_dump(mode="json")
    for step in keys_of(key):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value
