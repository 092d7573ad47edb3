"""A text and its number: a rating, a price, a degree."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.regress import number_in
from overtone.data.cell import UnusableError, text_of, value_of
from overtone.data.format import Columns, Format
from overtone.data.formats.labelled import TEXT
from overtone.data.identity import content_id
from overtone.data.sources.table import Row

UNSURE = ("label", "target")  # columns that are as often called so where they hold names


class Rated(Format):
    """A text and its number: a rating, a price, a degree."""

    name: ClassVar[str] = "rated"
    title: ClassVar[str] = "rows with a number"
    asks: ClassVar[frozenset[str]] = frozenset({"regress"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "text": TEXT,
        "number": ("number", "score", "rating", "stars", "value", "grade", "points", "target", "label"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"text"})
    answered: ClassVar[frozenset[str]] = frozenset({"number"})
    several: ClassVar[frozenset[str]] = frozenset({"text"})
    expects: ClassVar[str] = "numbers"

    def fits(self, row: Row, columns: Columns) -> bool:
        """Where the column could as well hold names, it holds numbers."""
        written = value_of(row, columns, "number")
        sure = written is None or columns["number"][0].casefold() not in UNSURE
        return sure or number_in(str(written)) is not None

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The text as it stands, and its number where there is one."""
        text = text_of(row, columns, "text")
        written = value_of(row, columns, "number")
        if written is None or str(written).strip() == "":
            return Example(content_id(text), text=text, source=row.place)
        number = None if isinstance(written, bool) else number_in(str(written))
        if number is None:
            raise UnusableError("number that is none")
        return Example(content_id(text, repr(number)), text=text, labels=(repr(number),), source=row.place)
