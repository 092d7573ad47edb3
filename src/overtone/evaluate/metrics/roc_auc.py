"""How surely a row of a class is ranked above one of another class."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_scores import class_scores
from overtone.evaluate.class_sums import indicators, right_rows, wanted_classes
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.ranking import area_under_roc, over_classes


class RocAuc(Metric):
    """Area under the ROC curve of each class against the rest, averaged over the classes that the rows want.

    It is the chance that a row of the class has the higher probability of it than a row of another class.
    """

    name: ClassVar[str] = "roc_auc"
    also_called: ClassVar[tuple[str, ...]] = ("auc", "auroc")
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "ROC area"
    lowest: ClassVar[float] = 0.0

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Values of which the mean is the value of the set (see `ranking`), and one: (rows, 2)."""
        classes = wanted_classes(examples)
        wanted = indicators([example.labels for example in examples], classes) > 0
        values = over_classes(area_under_roc, wanted, class_scores(examples, answers, task, classes), True)
        return np.stack([values, np.ones_like(values)], axis=1)
