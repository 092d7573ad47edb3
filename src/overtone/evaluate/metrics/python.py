"""A metric that is a Python function of the user's own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.errors import UserError, nearest
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_scores import probabilities
from overtone.evaluate.compared import compared
from overtone.evaluate.declared import load_python, told
from overtone.evaluate.metric import Interval, Metric

Row = tuple[object, object | None]  # what is wanted, and what was given; None where the answer failed


class Python(Metric):
    """A function of your own, in a file of your own: it takes what is wanted and what was given, and gives 0 to 1.

    Of a task that writes answers both are texts. Of a task that sorts it is a tuple of labels, and a mapping of label
    to probability. A failed answer has 0, and the function is not asked.
    """

    name: ClassVar[str] = "python"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"classify", "generate"})
    title: ClassVar[str] = "Python"

    file: str = Field(min_length=1, description="Python file, relative to the plan")
    function: str = Field(min_length=1, description="name of the function in the file")

    @property
    def heading(self) -> str:
        """The label, or the function's name."""
        return self.label or self.function

    def make_ready(self) -> None:
        """UserError where the file does not hold or has no such function."""
        self._load()

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """What the function says of each row."""
        judge, pairs = self._load(), ROWS[task.asks](examples, answers, task)
        return [
            0.0 if given is None else self._value(judge, wanted, given, row)
            for row, (wanted, given) in zip(examples, pairs, strict=True)
        ]

    def _load(self) -> Callable[[Any, Any], Any]:
        module = load_python(self.file)
        found = getattr(module, self.function, None)
        if callable(found):
            return found  # type: ignore[no-any-return]
        names = [name for name, value in vars(module).items() if callable(value) and not name.startswith("_")]
        raise UserError(f"{self.file} has no function '{self.function}'.{nearest(self.function, names)}")

    def _value(self, judge: Callable[[Any, Any], Any], wanted: object, given: object, row: Example) -> float:
        """What the function gives; UserError where it fails or gives no number between 0 and 1."""
        try:
            value = float(judge(wanted, given))
        except Exception as error:
            raise told(error, Path(self.file)) from None
        if not 0 <= value <= 1:
            raise UserError(
                f"{self.file}: '{self.function}' gave {value:g} for the row {row.source or row.id}; give a number "
                "from 0 to 1, of which more is better."
            )
        return value


def _labels(examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[Row]:
    pairs = zip(examples, answers, strict=True)
    return [(row.labels, probabilities(answer, task)) for row, answer in pairs]


def _texts(examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[Row]:
    return list(compared(examples, answers, task))


ROWS: dict[str, Callable[[Sequence[Example], Sequence[Answer], Task], list[Row]]] = {
    "classify": _labels,
    "generate": _texts,
}
