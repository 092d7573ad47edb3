"""A format: how the raw rows of one widespread layout become examples. One file each."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.task import Task
from overtone.data.sources.table import Row, Table

Columns = Mapping[str, tuple[str, ...]]  # role -> the columns that hold it


class Format(Part, package="overtone.data.formats"):
    """One layout of rows: its columns by role, and what a row says.

    `roles` lists the usual names of each role's column, the likeliest first. `asked` are the roles without
    which nothing can be asked, `answered` those that learning and judging need beside them. A format with a
    `refusal` is known but not used; the refusal says why and what to do. `several` are the roles that may have
    more than one column; `expects` says in words what `fits` looks for.
    """

    title: ClassVar[str]  # what such rows are called: "labelled rows"
    asks: ClassVar[frozenset[str]]  # kinds of task it serves: classify, generate, score
    roles: ClassVar[Mapping[str, tuple[str, ...]]]
    asked: ClassVar[frozenset[str]]
    answered: ClassVar[frozenset[str]] = frozenset()
    several: ClassVar[frozenset[str]] = frozenset()
    refusal: ClassVar[str] = ""
    expects: ClassVar[str] = ""

    def fits(self, row: Row, columns: Columns) -> bool:
        """Whether a row's values, not only its columns, are of this layout."""
        return True

    def check(self, table: Table, columns: Columns, stated: bool) -> None:
        """Refuse a whole table that is suspicious; `stated` says that the user named the columns."""

    def parts(self, example: Example) -> tuple[Example, ...]:
        """The examples that one row's becomes, where it says more than is learned at a time; here itself."""
        return (example,)

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """What the row says; raises UnusableError with the reason where it says nothing usable."""
        raise NotImplementedError
