"""A section of a report as plain data: sentences, tables and plots. It says nothing of how it looks."""

from dataclasses import dataclass
from typing import Literal

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column and how its numbers are written: `percent` shows a share in points of a hundred."""

    title: str
    written: Literal["text", "percent", "signed", "number", "count", "seconds", "money", "p"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads. A row that is in `marked` (by its place) is shown strong."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""
    marked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot, or dots alone; `low` and `high` are the ends of its interval at each point."""

    name: str
    points: tuple[tuple[float, float], ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over two axes; an axis in percent runs over shares, a logarithmic one over positive numbers."""

    title: str
    across: str
    up: str
    lines: tuple[Line, ...]
    across_written: Literal["number", "percent", "seconds"] = "number"
    up_written: Literal["number", "percent", "seconds"] = "number"
    logarithmic: bool = False  # the axis across
    diagonal: bool = False  # with the line where both are equal
    level: float | None = None  # a dashed line across, such as the bar
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one thing has more than another, as a share, with the ends of its interval; `name` says of what."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forest:
    """Differences under each other, each with its interval, about the line where there is none."""

    title: str
    differences: tuple[Difference, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the report; `name` is its key in `report.json`."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    forests: tuple[Forest, ...] = ()
    command: str = ""  # to be tried next, as it is typed
