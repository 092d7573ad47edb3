"""The task's deciding metric over some rows: what settings are chosen by, on validation rows."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task


def deciding_value(task: Task, examples: Sequence[Example], answers: Sequence[Answer]) -> float:
    """The value over the rows that the metric judges; minus infinity where there are none."""
    from overtone.evaluate.metric import deciding

    metric = deciding(task)
    judged = [pair for pair in zip(examples, answers, strict=True) if metric.judges(pair[0])]
    if not judged:
        return float("-inf")
    return metric.value([row for row, _ in judged], [answer for _, answer in judged], task)
