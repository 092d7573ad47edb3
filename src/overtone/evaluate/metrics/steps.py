"""Share of the wanted answer's numbered steps that an answer holds."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.solution import found_steps, numbered_steps
from overtone.evaluate.written import written


class Steps(Metric):
    """Recall of the wanted answer's numbered steps, whatever their order."""

    name: ClassVar[str] = "steps"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Steps found"

    def judges(self, example: Example) -> bool:
        """Rows whose wanted answer holds a numbered list."""
        return bool(numbered_steps(example.completion))

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """Found steps over wanted steps; 0 where no step is wanted."""
        return [
            recall(found_steps(example.completion, written(answer)))
            for example, answer in zip(examples, answers, strict=True)
        ]


def recall(places: Sequence[int | None]) -> float:
    """Share of the steps that have a place."""
    return sum(place is not None for place in places) / max(1, len(places))
