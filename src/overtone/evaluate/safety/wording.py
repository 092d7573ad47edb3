"""Numbers with their intervals in words, and the columns in which a section shows them."""

from overtone.core.score import Comparison, Score
from overtone.evaluate.report.numbers import chance, differed
from overtone.evaluate.report.numbers import scored as points
from overtone.evaluate.report.section import Cell, Column

FEWEST = 10  # rows from which anything is said of a share or a mean


def scored(title: str) -> tuple[Column, ...]:
    """Columns of a share with the ends of its 95 % interval."""
    return Column(title, "percent"), Column("from", "percent"), Column("to", "percent")


def score_cells(score: Score | None) -> tuple[Cell, ...]:
    """The cells of such columns; empty ones where nothing was measured."""
    return (score.value, score.low, score.high) if score else (None, None, None)


def in_words(score: Score) -> str:
    """`4.2 % [2.1, 8.0] of 120`."""
    value, _, interval = points(score).partition(" ")
    return f"{value} % {interval} of {score.n}"


def change_in_words(change: Comparison) -> str:
    """`+3.1 points [+1.0, +5.2], p 0.012`: the corrected p."""
    value, _, interval = differed(change).partition(" ")
    return f"{value} points {interval}, p {chance(change.p_corrected)}"
