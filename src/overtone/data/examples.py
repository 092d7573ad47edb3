"""Read the examples of one file for a task: recognised, converted, and every unusable row named."""

from dataclasses import dataclass
from pathlib import Path

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import UnusableError
from overtone.data.recognise import Reading, recognise
from overtone.data.settings import DataSettings
from overtone.data.sources.read import read_table
from overtone.data.sources.table import Dropped, Row


@dataclass(frozen=True, slots=True)
class Examples:
    """The usable rows of one file, the rows left out, and how the file was read."""

    reading: Reading
    kept: tuple[Example, ...]
    dropped: tuple[Dropped, ...]

    @property
    def read(self) -> int:
        """How many rows the file holds."""
        return len(self.kept) + len(self.dropped)


def read_examples(path: Path, task: Task, settings: DataSettings) -> Examples:
    """The examples of a file with their answers. UserError as in `read_table` and `recognise`."""
    table = read_table(path, drop_bad_rows=settings.on_bad_row == "drop")
    reading = recognise(table, task, settings.format, settings.columns)
    found = [_example(row, reading, task) for row in table.rows]
    kept = tuple(row for row in found if isinstance(row, Example))
    dropped = tuple(row for row in found if isinstance(row, Dropped))
    return Examples(reading, kept, table.damaged + dropped)


def _example(row: Row, reading: Reading, task: Task) -> Example | Dropped:
    try:
        example = reading.format.example(row, reading.columns, task)
    except UnusableError as error:
        return Dropped(row.place, str(error))
    cause = task.accepts(example)
    return Dropped(row.place, cause) if cause else example
