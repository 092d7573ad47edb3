"""Share of the wanted passages among the first that are found."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.found_ranks import by_ranks
from overtone.evaluate.metric import Interval, Metric
from overtone.retrieve.measures import recall_at


class RecallAt(Metric):
    """Share of the wanted passages among the first `count` that are found; as a rule one is wanted."""

    name: ClassVar[str] = "recall_at"
    also_called: ClassVar[tuple[str, ...]] = ("recall_at_k", "recall@k")
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"embed"})
    title: ClassVar[str] = "Recall at"

    count: int = Field(5, ge=1, description="how many passages are looked at")

    @property
    def heading(self) -> str:
        """The title with the count."""
        return f"{self.title} {self.count}" + (f" ({self.label})" if self.label else "")

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The share of each query."""
        return by_ranks(partial(recall_at, count=self.count), examples, answers)
