"""The trivial baseline: always the most frequent label, or the most frequent place of the right choice."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.choices import ChoiceRule, place_shares
from overtone.decide.rival import Materials, Rival


class Majority(Rival):
    """Always the most frequent label of the training rows, whatever the text.

    Where each row brings choices of its own, the one that stands where the right one stands most often.
    """

    name: ClassVar[str] = "majority"
    title: ClassVar[str] = "majority class"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}), frozenset({"choose"}))
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Each label's share of rows; where multi-label, 1 for each of the most frequent set and 0 else."""
        rows = [*materials.train, *materials.validation]
        if materials.task.asks == "choose":
            return ChoiceRule(place_shares(rows))
        if materials.multi_label:
            common = Counter(frozenset(row.labels) for row in rows).most_common(1)[0][0]
            return Constant({label: float(label in common) for label in materials.labels})
        counts = Counter(row.labels[0] for row in rows)
        return Constant({label: counts[label] / len(rows) for label in materials.labels})


class Constant:
    """A system that gives every question the same probabilities."""

    can = frozenset({"classify"})

    def __init__(self, probabilities: Mapping[str, float]) -> None:
        self.probabilities = dict(probabilities)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The same answer to each question."""
        start = time.perf_counter()
        answers = [Answer(probabilities=self.probabilities) for _ in questions]
        seconds = (time.perf_counter() - start) / max(1, len(answers))
        return [Answer(probabilities=answer.probabilities, seconds=seconds) for answer in answers]
