"""How long the answers are beside the wanted ones: cut short, wordy, or empty."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table

SHORT, LONG = 0.5, 2.0  # times the wanted length
DRAWN = 150  # dots of one system
NOTABLE = 0.1  # share of answers from which a fault is told in words


class Lengths(Chapter):
    """The words of each answer against the words that were wanted, for answers that are written."""

    name: ClassVar[str] = "lengths"
    order: ClassVar[int] = 40

    def write(self, results: Results) -> Section | None:
        """A row for each of the best systems; nothing where the task writes no text."""
        rows = [place for place, row in enumerate(results.test) if row.completion.split()]
        if results.task.asks != "generate" or not rows:
            return None
        wanted = _words([results.test[place] for place in rows])
        given = {key: [results.answers[key][place] for place in rows] for key in results.pair}
        return Section(
            self.name,
            "How long the answers are",
            tuple(
                text for key, one in given.items() for text in _sentences(results.titles[key], one, wanted)
            ),
            (_table(results, given, wanted),),
            (_plot(results, given, wanted),),
        )


def _words(examples: Sequence[Example]) -> np.ndarray:
    return np.array([len(row.completion.split()) for row in examples])


def _written(answers: Sequence[Answer]) -> np.ndarray:
    return np.array([0 if one.error is not None else len((one.text or "").split()) for one in answers])


def _shares(answers: Sequence[Answer], wanted: np.ndarray) -> tuple[float, float, float, float, float]:
    """Median ratio to the wanted length, then shares: too short, too long, empty, cut at the limit."""
    given = _written(answers)
    ratio = given / wanted
    cut = np.mean([one.finish == "length" for one in answers])
    shares = (ratio < SHORT).mean(), (ratio > LONG).mean(), (given == 0).mean(), cut
    return (float(np.median(ratio)), *map(float, shares))  # type: ignore[return-value]


def _sentences(title: str, answers: Sequence[Answer], wanted: np.ndarray) -> list[str]:
    _, short, long, _, cut = _shares(answers, wanted)
    told = {
        "are less than half as long as the wanted ones": short,
        "are more than twice as long as the wanted ones": long,
        "were cut at task.max_tokens; raise it or ask for shorter answers": cut,
    }
    return [
        f"{percent(share)} % of the answers of '{title}' {words} (n = {len(wanted)})."
        for words, share in told.items()
        if share >= NOTABLE
    ]


def _table(results: Results, given: dict[str, list[Answer]], wanted: np.ndarray) -> Table:
    heads = ("Under half", "Over twice", "Empty", "Cut at the limit")
    rows: list[tuple[Cell, ...]] = [
        (results.titles[key], int(np.median(_written(one))), *_shares(one, wanted))
        for key, one in given.items()
    ]
    return Table(
        (
            Column("Answers"),
            Column("Words, median", "count"),
            Column("Times the wanted length, median", "number"),
            *(Column(head, "percent") for head in heads),
        ),
        (*rows, ("wanted", int(np.median(wanted)), None, None, None, None, None)),
    )


def _plot(results: Results, given: dict[str, list[Answer]], wanted: np.ndarray) -> Plot:
    places = np.unique(np.linspace(0, len(wanted) - 1, min(DRAWN, len(wanted))).round().astype(int))
    lines = tuple(
        Line(
            results.titles[key],
            tuple((float(wanted[place]), float(_written([one[place]])[0])) for place in places),
            dots=True,
        )
        for key, one in given.items()
    )
    note = f"{len(places)} of {len(wanted)} rows." if len(places) < len(wanted) else ""
    return Plot("Length of each answer", "words wanted", "words written", lines, diagonal=True, note=note)
