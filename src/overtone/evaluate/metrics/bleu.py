"""BLEU: how many runs of one to four words of all answers stand in the wanted ones."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.bleu_sums import bleu
from overtone.evaluate.compared import compared_all
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.sacre import need_sacrebleu


class Bleu(Metric):
    """BLEU of the whole set, 0 to 1 (Papineni et al. 2002), counted by sacrebleu and equal to its corpus score.

    The sums of a row are, for one to four words, the runs found and the runs written, then both lengths. Of several
    wanted answers all runs count, and the length that is nearest.
    """

    name: ClassVar[str] = "bleu"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "BLEU"

    lowercase: bool = Field(False, description="compare without case")

    def make_ready(self) -> None:
        """MissingExtra where sacrebleu is not installed."""
        need_sacrebleu(self.name)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """BLEU of each answer alone, where a short answer counts the runs that it can hold."""
        found: list[float] = bleu(self.tallies(examples, answers, task), effective_order=True).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Found and written runs by length, then given and wanted words: (rows, 10)."""
        from sacrebleu.metrics.bleu import BLEU

        counter = BLEU(lowercase=self.lowercase, effective_order=True)
        found = (
            counter.sentence_score(given or "", wanted)
            for wanted, given in compared_all(examples, answers, task)
        )
        return np.array(
            [[*one.counts, *one.totals, one.sys_len, one.ref_len] for one in found], dtype=np.float64
        )

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """BLEU of summed counts."""
        return bleu(sums)
