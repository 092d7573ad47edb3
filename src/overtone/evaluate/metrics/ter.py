"""TER: how many edits it takes to make the answers the wanted ones, turned so that more is better."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import compared_all
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.sacre import need_sacrebleu


class Ter(Metric):
    """1 - TER of the whole set, at least 0: TER is edits over wanted words (Snover et al. 2006), by sacrebleu.

    The sums of a row are its edits (words inserted, deleted, replaced; phrases moved) and its wanted words; of several
    wanted answers the fewest edits and the mean length.
    """

    name: ClassVar[str] = "ter"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "1 - TER"

    case_sensitive: bool = Field(False, description="count another case as an edit")

    def make_ready(self) -> None:
        """MissingExtra where sacrebleu is not installed."""
        need_sacrebleu(self.name)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 - TER of each answer alone."""
        found: list[float] = self.of_sums(self.tallies(examples, answers, task)).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Edits and wanted words: (rows, 2)."""
        pairs = compared_all(examples, answers, task)
        found = [_edits(wanted, given or "", self.case_sensitive) for wanted, given in pairs]
        return np.array(found, dtype=np.float64)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """1 - edits over wanted words; where nothing is wanted, any edit is too many."""
        edits, words = sums[..., 0], sums[..., 1]
        value: NDArray[np.float64] = 1 - np.minimum(1, edits / np.maximum(words, 1))
        return value


@lru_cache(maxsize=65536)
def _edits(wanted: tuple[str, ...], given: str, case_sensitive: bool) -> tuple[float, float]:
    """Edits and wanted words of a row; remembered, for a long row takes up to half a second."""
    found = counter(case_sensitive).sentence_score(given, wanted)
    return found.num_edits, found.ref_length


@lru_cache(maxsize=2)
def counter(case_sensitive: bool) -> Any:
    """The counter of sacrebleu."""
    from sacrebleu.metrics.ter import TER

    return TER(case_sensitive=case_sensitive)
