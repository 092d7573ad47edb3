"""Share of words whose tag is right."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.tag_pairs import given_tags


class WordAccuracy(Metric):
    """Share of all words whose tag is right; the words of a row are no independent evidence, so rows are resampled."""

    name: ClassVar[str] = "word_accuracy"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"tag"})
    title: ClassVar[str] = "Word accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The share of each row."""
        found: list[float] = self.of_sums(self.tallies(examples, answers, task)).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Right words, and words: (rows, 2)."""
        counts = []
        for example, answer in zip(examples, answers, strict=True):
            pairs = zip(example.labels, given_tags(example, answer), strict=True)
            counts.append((sum(one == other for one, other in pairs), len(example.labels)))
        return np.array(counts, dtype=np.float64)
