"""chrF: how many runs of one to six characters of all answers stand in the wanted ones."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import compared_all
from overtone.evaluate.metric import Interval, Metric

ORDERS, BETA = 6, 2


class ChrF(Metric):
    """chrF2 of the whole set, 0 to 1 (Popovic 2015), equal to sacrebleu's corpus score.

    The sums of a row are, for one to six characters, the runs given, wanted, and both. Spaces do not count.
    Of several wanted answers the one counts that is nearest to the answer.
    """

    name: ClassVar[str] = "chrf"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "chrF"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """chrF of each answer alone."""
        found: list[float] = self.of_sums(self.tallies(examples, answers, task)).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Runs given, wanted, and both, by length: (rows, 3 * 6)."""
        pairs = compared_all(examples, answers, task)
        return np.array([self._nearest(wanted, given or "") for wanted, given in pairs], dtype=np.float64)

    def _nearest(self, wanted: Sequence[str], given: str) -> list[int]:
        """What a row adds, by the first of the wanted texts that its answer has the highest chrF with."""
        return max(
            (_counts(one, given) for one in wanted), key=lambda sums: float(self.of_sums(np.array(sums)))
        )

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """F2 of the mean precision and the mean recall over the lengths that both sides have runs of."""
        given, wanted, both = np.split(sums, 3, axis=-1)
        held = (given > 0) & (wanted > 0)
        orders = np.maximum(held.sum(axis=-1), 1)
        precision = np.where(held, both / np.maximum(given, 1), 0).sum(axis=-1) / orders
        recall = np.where(held, both / np.maximum(wanted, 1), 0).sum(axis=-1) / orders
        below = BETA**2 * precision + recall
        value: NDArray[np.float64] = (1 + BETA**2) * precision * recall / np.where(below > 0, below, 1)
        return value


def _counts(wanted: str, given: str) -> list[int]:
    """What a row adds; a length that the wanted text is too short for counts for neither."""
    first, second = ("".join(text.split()) for text in (given, wanted))
    runs = [(_runs(first, length), _runs(second, length)) for length in range(1, ORDERS + 1)]
    given_runs = [one.total() if other else 0 for one, other in runs]
    return [
        *given_runs,
        *(other.total() for _, other in runs),
        *((one & other).total() for one, other in runs),
    ]


def _runs(text: str, length: int) -> Counter[str]:
    return Counter(text[start : start + length] for start in range(len(text) - length + 1))
