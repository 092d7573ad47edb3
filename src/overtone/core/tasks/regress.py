"""Give each text a number: a rating, a price, a degree of similarity."""

from math import isfinite
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Named, Task


class RegressTask(Task):
    """Give each text a number: a rating, a price, a degree of similarity.

    A row's number stands in its only label, an answer's number in its text; both are written so that no digit is lost.
    """

    name: ClassVar[str] = "regress"
    also_called: ClassVar[tuple[str, ...]] = ("regression", "scoring")
    asks: ClassVar[str] = "regress"
    reports: ClassVar[tuple[str, ...]] = ("r2", "spearman", "error_removed", "within")
    objectives: ClassVar[tuple[str, ...]] = ("regress",)

    metric: Named = "r2"

    def in_words(self, classes: int) -> str:
        """What is given."""
        return "Give each text a number"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a text and a number."""
        if not example.text.strip():
            return "empty text"
        return None if number_in(example.labels[0] if example.labels else "") is not None else "no number"


def number_in(text: str | None) -> float | None:
    """The number that a text spells; None where it spells none, or one that is not finite."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def number_of(example: Example) -> float:
    """The wanted number of a row that the task accepts."""
    return float(example.labels[0])
