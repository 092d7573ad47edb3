"""Read the questions of a file: rows to be answered, with or without the right answers beside them."""

from dataclasses import dataclass
from pathlib import Path

from overtone.core.example import Question
from overtone.core.task import Task
from overtone.data.cell import UnusableError
from overtone.data.format import Columns, Format
from overtone.data.recognise import Reading, recognise
from overtone.data.settings import DataSettings
from overtone.data.sources.read import read_table
from overtone.data.sources.table import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the file: its question, or why it cannot be asked; exactly one of the two is there."""

    row: Row
    question: Question | None
    cause: str = ""


def read_questions(path: Path, task: Task, settings: DataSettings) -> tuple[Reading, tuple[Asked, ...]]:
    """Every row of a file in order, so that answers can be written beside them; no answer column is needed or read.

    UserError as in `read_table` and `recognise`.
    """
    table = read_table(path, settings.on_bad_row == "drop", plain=task.asks == "score")
    reading = recognise(table, task, settings.format, settings.columns, answered=False)
    format = reading.format
    columns = {role: names for role, names in reading.columns.items() if role not in format.answered}
    return reading, tuple(_ask(row, format, columns, task) for row in table.rows)


def _ask(row: Row, format: Format, columns: Columns, task: Task) -> Asked:
    try:
        return Asked(row, format.example(row, columns, task).question)
    except UnusableError as error:
        return Asked(row, None, str(error))
