"""Whether an answer picked the wanted one of the choices that its row brings."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen


def right_choices(examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
    """1 where the wanted answer of a row is the one that was picked, else 0; a failed answer picked none."""
    pairs = zip(examples, answers, strict=True)
    return [float(chosen(answer, task) == {example.completion}) for example, answer in pairs]
