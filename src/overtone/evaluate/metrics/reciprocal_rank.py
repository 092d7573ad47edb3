"""How high the first wanted passage stands."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.found_ranks import by_ranks
from overtone.evaluate.metric import Interval, Metric
from overtone.retrieve.measures import reciprocal_rank


class ReciprocalRank(Metric):
    """Mean over the queries of one over the rank of the first wanted passage (MRR); 0 where none is found."""

    name: ClassVar[str] = "reciprocal_rank"
    also_called: ClassVar[tuple[str, ...]] = ("mrr",)
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"embed"})
    title: ClassVar[str] = "MRR"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The value of each query."""
        return by_ranks(lambda found, wanted: reciprocal_rank(found), examples, answers)
