"""Share of answers that are the wanted text, but for case and space."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.squad import normalised


class ExactMatch(Metric):
    """Share of answers that are the wanted text, but for case and space."""

    name: ClassVar[str] = "exact_match"
    also_called: ClassVar[tuple[str, ...]] = ("em",)
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "extract"})
    title: ClassVar[str] = "Exact match"

    ignore: Literal["case", "nothing", "squad"] = Field(
        "case", description="case and space; nothing; or case, space, punctuation and articles, as SQuAD does"
    )

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the texts match, else 0."""
        same = FORMS[self.ignore]
        return by_pair(lambda wanted, given: same(given) == same(wanted), examples, answers, task)


def folded(text: str) -> str:
    """The text without case, with single spaces."""
    return " ".join(text.casefold().split())


FORMS: dict[str, Callable[[str], str]] = {"case": folded, "nothing": str, "squad": normalised}
