"""The rows that tuning put right and those that it spoilt, to be counted and read."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.chosen import chosen
from overtone.evaluate.report.section import Cell, Column, Section, Table

SHOWN = 10
LONGEST = 280  # characters of a text in a cell


class ChangedSides(Chapter):
    """The rows on which the best tuned and the best untuned system differ, in both directions."""

    name: ClassVar[str] = "changed_sides"
    order: ClassVar[int] = 10

    def write(self, results: Results) -> Section | None:
        """Counts, and the rows that differ most; nothing where one of the two is missing or no row differs."""
        tuned, untuned = results.best_tuned, results.best_untuned
        if tuned is None or untuned is None:
            return None
        values = list(zip(results.judged, results.values(tuned), results.values(untuned), strict=True))
        gained = sorted((row for row in values if row[1] > row[2]), key=lambda row: row[2] - row[1])
        lost = sorted((row for row in values if row[1] < row[2]), key=lambda row: row[1] - row[2])
        if not gained and not lost:
            return None
        titles = results.titles[tuned], results.titles[untuned]
        sides = {titles[0]: [row[0] for row in gained], titles[1]: [row[0] for row in lost]}
        same = len(values) - len(gained) - len(lost)
        return Section(
            self.name,
            "What tuning changed",
            (_sentence(titles, len(gained), len(lost), same),),
            tuple(
                _table(f"'{title}' is better", results, (tuned, untuned), places)
                for title, places in sides.items()
                if places
            ),
        )


def _sentence(titles: tuple[str, str], gained: int, lost: int, same: int) -> str:
    return (
        f"'{titles[0]}' does better than '{titles[1]}' on {gained} rows and worse on {lost}; on {same} they do "
        f"equally well (n = {gained + lost + same})."
    )


def _table(title: str, results: Results, keys: tuple[str, str], places: Sequence[int]) -> Table:
    heads = (Column("Question"), Column("Wanted"), *(Column(results.titles[key]) for key in keys))
    rows = tuple(_row(results, keys, place) for place in places[:SHOWN])
    note = f"The first {SHOWN} of {len(places)} rows." if len(places) > SHOWN else ""
    return Table(heads, rows, f"{title}: {len(places)} rows", note)


def _row(results: Results, keys: tuple[str, str], place: int) -> tuple[Cell, ...]:
    row = results.test[place]
    given = [said(results.answers[key][place], results.task) for key in keys]
    return (_cut(row.input), _cut(wanted(row)), *map(_cut, given))


def wanted(row: Example) -> str:
    """The wanted answer of a row in words."""
    return row.completion or ", ".join(row.labels)


def said(answer: Answer, task: Task) -> str:
    """What an answer says: its text, its labels, or why it failed."""
    if answer.error is not None:
        return f"failed: {answer.error}"
    return answer.text if answer.text is not None else ", ".join(sorted(chosen(answer, task))) or "no label"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
