"""What came of a trial, and which trials are the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from overtone.core.score import Score
from overtone.search.measures import COSTS, excess

State = Literal["finished", "pruned", "failed", "running", "waiting"]


@dataclass(frozen=True)
class Outcome:
    """A trial: the values it tried, and what was measured on the validation rows."""

    number: int
    state: State
    values: Mapping[str, Any]
    measures: Mapping[str, float] = field(default_factory=dict)  # metrics and costs, by name
    score: Score | None = None  # of the task's metric
    reason: str = ""  # why it failed
    validations: Sequence[float] = ()  # what the pruner saw
    seconds: float = 0.0

    def fits(self, constraints: Mapping[str, float]) -> bool:
        """Whether the trial was finished and keeps every constraint."""
        kept = all(over <= 0 for over in excess(constraints, self.measures).values())
        return self.state == "finished" and kept


def better(name: str, first: float, second: float) -> bool:
    """Whether the first value of a metric or cost is the better one."""
    return first < second if name in COSTS else first > second


def winner(outcomes: Sequence[Outcome], objective: str, constraints: Mapping[str, float]) -> Outcome | None:
    """The best trial that keeps the constraints; among equals the earliest."""
    best: Outcome | None = None
    for one in outcomes:
        if one.fits(constraints) and (
            best is None or better(objective, one.measures[objective], best.measures[objective])
        ):
            best = one
    return best


def pareto(
    outcomes: Sequence[Outcome], objectives: Sequence[str], constraints: Mapping[str, float]
) -> list[Outcome]:
    """The fitting trials to which no other is as good in every objective and better in one."""
    fitting = [one for one in outcomes if one.fits(constraints)]
    return [one for one in fitting if not any(_dominates(other, one, objectives) for other in fitting)]


def _dominates(first: Outcome, second: Outcome, objectives: Sequence[str]) -> bool:
    pairs = [(name, first.measures[name], second.measures[name]) for name in objectives]
    return any(better(*pair) for pair in pairs) and not any(
        better(name, other, one) for name, one, other in pairs
    )
