"""Share of rows whose wanted class is among the likeliest few."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_scores import probabilities
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.several import refuse_several


class TopK(Metric):
    """Share of rows whose wanted class is among the k most probable; among equals the first named ones count."""

    name: ClassVar[str] = "top_k"
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Top-k accuracy"

    k: int = Field(3, ge=2, description="how many classes may be named")

    def refusal(self, task: Task) -> str | None:
        """Only texts with one label each."""
        return super().refusal(task) or refuse_several(self, task)

    @property
    def heading(self) -> str:
        """The title with k in it."""
        return f"Top-{self.k} accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the wanted class is among the k most probable, else 0."""
        pairs = zip(examples, answers, strict=True)
        return [float(row.labels[0] in self._likeliest(answer, task)) for row, answer in pairs]

    def _likeliest(self, answer: Answer, task: Task) -> list[str]:
        found = probabilities(answer, task) or {}
        return sorted(found, key=lambda label: -found[label])[: self.k]
