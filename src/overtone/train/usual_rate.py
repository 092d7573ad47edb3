"""The rate of a body where a plan gives none: what suits method and base, and the share that the objective takes."""

from overtone.methods.method import Method
from overtone.models.families import Kind
from overtone.objectives.objective import Objective


def usual_rate(method: Method, objective: Objective | None, kind: Kind, width: int) -> float:
    """To two digits; 0 where the body stands still. `width` is that of the base's hidden states."""
    share = 1.0 if objective is None else objective.rate_share
    return float(f"{share * method.usual_rate(kind, width):.1e}")
