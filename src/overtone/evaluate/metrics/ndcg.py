"""How much of the best order's gain the found order has."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.found_ranks import by_ranks
from overtone.evaluate.metric import Interval, Metric
from overtone.retrieve.measures import ndcg_at


class Ndcg(Metric):
    """Discounted gain of the first `count` passages as a share of the best order's (Järvelin and Kekäläinen 2002)."""

    name: ClassVar[str] = "ndcg"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"embed"})
    title: ClassVar[str] = "nDCG"

    count: int = Field(10, ge=1, description="how many passages are looked at")

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The value of each query."""
        return by_ranks(partial(ndcg_at, count=self.count), examples, answers)
