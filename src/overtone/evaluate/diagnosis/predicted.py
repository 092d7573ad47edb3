"""The probabilities that a system gave its classes, row by row, beside what was wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.diagnosis.interval import sources
from overtone.evaluate.statistics.groups import Places
from overtone.evaluate.statistics.resample import Numbers


@dataclass(frozen=True, slots=True)
class Predicted:
    """Probabilities and wanted labels (1 or 0), both (rows, classes).

    With `several` each label stands alone, else those of a row sum to one and one is chosen. `left_out` rows
    got no probabilities. `place` is the source of each row, where rows share sources.
    """

    labels: tuple[str, ...]
    probabilities: Numbers
    wanted: Numbers
    several: bool
    left_out: int = 0
    place: Places | None = None

    @property
    def confidence(self) -> Numbers:
        """How sure each decision is: (rows,) of the chosen class, or (rows * classes,) of every label."""
        return self.probabilities.ravel() if self.several else self.probabilities.max(axis=1)

    @property
    def right(self) -> Numbers:
        """1 where the decision that `confidence` speaks of came true, else 0."""
        if self.several:
            return self.wanted.ravel()
        chosen = self.probabilities.argmax(axis=1)[:, None]
        right: Numbers = np.take_along_axis(self.wanted, chosen, axis=1)[:, 0]
        return right

    @property
    def decision_place(self) -> Places | None:
        """The source of each decision: the labels of a row are no independent evidence."""
        if not self.several:
            return self.place
        rows = np.arange(len(self.wanted)) if self.place is None else self.place
        return np.repeat(rows, len(self.labels))


def predicted(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task, labels: Sequence[str]
) -> Predicted | None:
    """The probabilities over these labels; None where fewer than two rows have any."""
    pairs = [pair for pair in zip(examples, answers, strict=True) if _has_numbers(pair[1])]
    if len(pairs) < 2 or not labels:
        return None
    given = [[(answer.probabilities or {}).get(label, 0.0) for label in labels] for _, answer in pairs]
    wanted = [[float(label in row.labels) for label in labels] for row, _ in pairs]
    several = isinstance(task, ClassifyTask) and task.multi_label
    place = sources([row for row, _ in pairs])
    missing = len(examples) - len(pairs)
    return Predicted(tuple(labels), np.array(given), np.array(wanted), several, missing, place)


def _has_numbers(answer: Answer) -> bool:
    values = (answer.probabilities or {}).values()
    return answer.error is None and bool(values) and all(map(isfinite, values))
