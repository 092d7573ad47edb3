"""The labels that an answer chose, whatever shape the answer has."""

from math import isfinite

from overtone.core.answer import Answer
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask


def chosen(answer: Answer, task: Task) -> frozenset[str]:
    """The chosen labels: those over the task's threshold, or the most probable one.

    Empty where the answer failed, holds a probability that is no number, or says nothing. An answer that is
    text chose the label that it spells; space around it is ignored.
    """
    if answer.error is not None:
        return frozenset()
    if answer.probabilities is None:
        return frozenset(filter(None, [(answer.text or "").strip()]))
    if not answer.probabilities or not all(map(isfinite, answer.probabilities.values())):
        return frozenset()
    if isinstance(task, ClassifyTask) and task.multi_label:
        return frozenset(answer.labels(task.threshold))
    return frozenset([answer.label or ""])
