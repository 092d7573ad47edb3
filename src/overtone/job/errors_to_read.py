"""The worst errors of a system, to be read by a person: the surest wrong labels, the poorest answers."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.contents import WorstError

SHOWN = 20
LONGEST = 1500  # characters of one text


def worst_errors(
    examples: Sequence[Example], answers: Sequence[Answer], metric: Metric, task: Task
) -> tuple[WorstError, ...]:
    """The rows that the metric judges worst; among equals those of which the system was surest."""
    judged = [pair for pair in zip(examples, answers, strict=True) if metric.judges(pair[0])]
    values = metric.rows([row for row, _ in judged], [answer for _, answer in judged], task)
    wrong = [
        (value, -_sure(answer), row, answer) for value, (row, answer) in zip(values, judged) if value < 1
    ]
    wrong.sort(key=lambda item: item[:2])
    return tuple(_error(row, answer, value) for value, _, row, answer in wrong[:SHOWN])


def _sure(answer: Answer) -> float:
    return max((answer.probabilities or {"": 0.0}).values())


def _error(row: Example, answer: Answer, value: float) -> WorstError:
    if answer.probabilities is not None:
        given, note = answer.label or "", f"{_sure(answer):.0%} sure"
        wanted = row.completion or ", ".join(row.labels)
    else:
        given, note = answer.text or "", f"judged {value:.2f}"
        wanted = row.completion or " ".join(row.labels)
    note = f"{row.source}, {note}" if row.source else note
    return WorstError(row.input[:LONGEST], wanted[:LONGEST], (answer.error or given)[:LONGEST], note)
