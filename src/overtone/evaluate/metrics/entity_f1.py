"""How many names are found whole, and of the right kind."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tag_spans import spans
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.tag_pairs import NO_TAG, given_tags


class EntityF1(Metric):
    """F1 of spans over all rows (micro), right in begin, end and kind; equal to seqeval's where it is not strict.

    Tjong Kim Sang and De Meulder 2003, "Introduction to the CoNLL-2003 Shared Task", section 2.3.
    """

    name: ClassVar[str] = "entity_f1"
    also_called: ClassVar[tuple[str, ...]] = ("ner_f1", "seqeval")
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"tag"})
    title: ClassVar[str] = "Entity F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """F1 of each row alone; 1 where none is wanted and none given."""
        sums = self.tallies(examples, answers, task)
        none = sums[:, 1:].sum(axis=1) == 0
        found: list[float] = np.where(none, 1.0, self.of_sums(sums)).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Spans found, wanted and given: (rows, 3)."""
        counts = []
        for example, answer in zip(examples, answers, strict=True):
            wanted, found = set(spans(example.labels)), spans(given_tags(example, answer))
            given = {span for span in found if span.kind != NO_TAG}
            counts.append((len(wanted & given), len(wanted), len(given)))
        return np.array(counts, dtype=np.float64)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """2 found / (wanted + given); 0 where there is neither."""
        f1: NDArray[np.float64] = 2 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1)
        return f1
