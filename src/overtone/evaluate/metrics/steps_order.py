"""Share of the wanted answer's numbered steps that an answer holds in the right order."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Literal

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.solution import found_steps, numbered_steps
from overtone.evaluate.written import written


class StepsInOrder(Metric):
    """Longest run of wanted steps that stand in the right order, over all wanted steps."""

    name: ClassVar[str] = "steps_order"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Steps in order"

    def judges(self, example: Example) -> bool:
        """Rows whose wanted answer holds a numbered list."""
        return bool(numbered_steps(example.completion))

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """Steps in order over wanted steps; 0 where no step is wanted."""
        return [
            in_order(found_steps(example.completion, written(answer)))
            for example, answer in zip(examples, answers, strict=True)
        ]


def in_order(places: Sequence[int | None]) -> float:
    """Share of the steps in the longest run of places that rises."""
    return increasing([place for place in places if place is not None]) / max(1, len(places))


def increasing(places: Sequence[int]) -> int:
    """Length of the longest increasing subsequence (patience sorting: the last card of each pile)."""
    ends: list[int] = []
    for place in places:
        pile = bisect_left(ends, place)
        ends[pile : pile + 1] = [place]
    return len(ends)
