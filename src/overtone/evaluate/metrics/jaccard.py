"""How much the chosen labels overlap with the wanted ones."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen
from overtone.evaluate.metric import Interval, Metric


class Jaccard(Metric):
    """Labels both wanted and chosen over labels wanted or chosen, averaged over the rows."""

    name: ClassVar[str] = "jaccard"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Jaccard"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the sets are the same, 0 where they share nothing."""
        pairs = zip((set(example.labels) for example in examples), answers, strict=True)
        found = [(wanted, chosen(answer, task)) for wanted, answer in pairs]
        return [len(wanted & picked) / max(1, len(wanted | picked)) for wanted, picked in found]
