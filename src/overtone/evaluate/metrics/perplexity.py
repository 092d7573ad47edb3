"""Perplexity of plain texts, turned so that higher is better: how likely a model finds each byte of a text."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric

UNTOLD = -math.log(256)  # a byte of a text that was not judged counts as drawn from all bytes


class Perplexity(Metric):
    """Geometric mean of the probability of each byte: 1 / perplexity per byte, or 2 to minus the bits per byte.

    Bytes are UTF-8, so models with other tokens can be compared. Between 0 and 1; 256 bytes drawn alike give 0.0039.
    A text longer than the context counts as such a draw.
    """

    name: ClassVar[str] = "perplexity"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"score"})
    title: ClassVar[str] = "1 / perplexity per byte"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """The value of each text alone."""
        found: list[float] = self.of_sums(self.tallies(examples, answers, task)).tolist()
        return found

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """The natural-log probability of each text and its bytes: (rows, 2)."""
        sizes = [text_bytes(row) for row in examples]
        found = [log_probability(answer, size) for answer, size in zip(answers, sizes, strict=True)]
        return np.stack([np.array(found, dtype=np.float64), np.array(sizes, dtype=np.float64)], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """e to the log-probability of a byte."""
        value: NDArray[np.float64] = np.exp(sums[..., 0] / sums[..., 1])
        return value


def text_bytes(row: Example) -> int:
    """How many bytes a text has in UTF-8."""
    return len(row.text.encode(errors="surrogatepass"))


def log_probability(answer: Answer, size: int) -> float:
    """What an answer says of a text of so many bytes, in natural logarithms."""
    return float(answer.text) if answer.error is None and answer.text else size * UNTOLD
