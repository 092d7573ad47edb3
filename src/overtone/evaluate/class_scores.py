"""How probable a system holds each class to be, for metrics that read probabilities."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen

Numbers = NDArray[np.float64]


def probabilities(answer: Answer, task: Task) -> dict[str, float] | None:
    """A probability for each label; 1 for the label that a text spells. None where the answer failed."""
    picked = chosen(answer, task)
    if answer.probabilities and answer.error is None and all(map(isfinite, answer.probabilities.values())):
        return dict(answer.probabilities)
    return dict.fromkeys(picked, 1.0) or None


def class_scores(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task, classes: Sequence[str]
) -> Numbers:
    """The probability of each class: (rows, classes); of a class that the answer does not name 0.

    A failed answer is as wrong as can be: below all others for what is wanted, above all others for the rest.
    """
    scores = np.zeros((len(examples), len(classes)))
    for place, (example, answer) in enumerate(zip(examples, answers, strict=True)):
        found = probabilities(answer, task)
        if found is None:
            scores[place] = [-1.0 if label in example.labels else 2.0 for label in classes]
        else:
            scores[place] = [found.get(label, 0.0) for label in classes]
    return scores
