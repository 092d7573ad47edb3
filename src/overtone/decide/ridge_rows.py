"""From rows with numbers to a fitted ridge regression, and the system that it makes."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from overtone.classical.ridge import RidgeModel, fit_best_ridge
from overtone.core.answer import Answer
from overtone.core.example import Example, Question
from overtone.core.tasks.regress import number_of
from overtone.decide.rival import Materials

Features = Callable[[Sequence[str]], Any]


class NumberSystem:
    """A system that gives each text the number of a model over features of it."""

    can = frozenset({"regress"})

    def __init__(self, features: Features, model: RidgeModel) -> None:
        self.features, self.model = features, model
        self.facts: dict[str, float | str] = {}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """One number each; the time of a batch is shared evenly."""
        start = time.perf_counter()
        found = self.model.numbers(self.features([question.text for question in questions])).tolist()
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [Answer(text=repr(number), seconds=seconds) for number in found]


def ridge_system(materials: Materials, features: Features, train: Any, validation: Any) -> NumberSystem:
    """Ridge regression over features (rows, features) of the materials' rows."""
    parts = [(train, wanted(materials.train)), (validation, wanted(materials.validation))]
    model, penalty = fit_best_ridge(*parts)
    system = NumberSystem(features, model)
    system.facts |= {"penalty": penalty, "parameters": float(model.weights.size + 1)}
    return system


def wanted(rows: Sequence[Example]) -> Any:
    """The numbers of rows: (rows,)."""
    import numpy as np

    return np.array([number_of(row) for row in rows], dtype=np.float64)
