"""Read the examples of one file for a task: recognised, converted, and every unusable row named."""

from dataclasses import dataclass, replace
from pathlib import Path

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import UnusableError
from overtone.data.recognise import Reading, recognise
from overtone.data.settings import DataSettings
from overtone.data.sources.read import read_table
from overtone.data.sources.table import Dropped, Row
from overtone.data.traits import refuse_absent, with_traits


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
    table = read_table(path, settings.on_bad_row == "drop", plain=task.asks == "score")
    refuse_absent(table, settings)
    reading = recognise(table, task, settings.format, settings.columns)
    language = settings.languages.column if settings.languages else ""
    reading = replace(reading, group=settings.group or "", slices=tuple(settings.slices), language=language)
    found = [_example(row, reading, task, settings) for row in table.rows]
    kept = tuple(part for row in found if isinstance(row, Example) for part in reading.format.parts(row))
    dropped = tuple(row for row in found if isinstance(row, Dropped))
    return Examples(reading, kept, table.damaged + dropped)


def _example(row: Row, reading: Reading, task: Task, settings: DataSettings) -> Example | Dropped:
    try:
        example = with_traits(reading.format.example(row, reading.columns, task), row, settings)
    except UnusableError as error:
        return Dropped(row.place, str(error))
    cause = task.accepts(example)
    return Dropped(row.place, cause) if cause else example
