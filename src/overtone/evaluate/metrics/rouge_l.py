"""How much of the wanted text an answer holds in the same order, word by word."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.rouge import rouge_words


class RougeL(Metric):
    """ROUGE-L: F1 of the longest common subsequence of words (Lin 2004, "ROUGE", section 3), unstemmed."""

    name: ClassVar[str] = "rouge_l"
    also_called: ClassVar[tuple[str, ...]] = ("rouge",)
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "ROUGE-L"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """ROUGE-L of each answer."""
        return by_pair(rouge_l, examples, answers, task)


def rouge_l(wanted: str, given: str) -> float:
    """ROUGE-L F1 of two texts; 0 where either has no word."""
    reference, candidate = rouge_words(wanted), rouge_words(given)
    common = longest_common_subsequence(reference, candidate)
    return 2 * common / (len(reference) + len(candidate)) if common else 0.0


def longest_common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence, one row of the table a big integer (Hyyro 2004, figure 2).

    A bit of `open_bits` is 0 where the table's row rises; the rises in the last row are the length.
    """
    places: dict[str, int] = {}
    for index, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << index
    full = (1 << len(first)) - 1
    open_bits = full
    for word in second:
        matched = open_bits & places.get(word, 0)
        open_bits = ((open_bits + matched) | (open_bits - matched)) & full
    return len(first) - open_bits.bit_count()
