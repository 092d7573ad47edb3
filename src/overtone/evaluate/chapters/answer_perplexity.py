"""Perplexity of the wanted answers: how likely a system was to write them, whatever it did write."""

import math
from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.metrics.perplexity import Perplexity
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.scores import score

COLUMNS = (
    Column("System"),
    Column("Bits per byte", "number"),
    Column("from", "number"),
    Column("to", "number"),
    Column("Perplexity per byte", "number"),
    Column("Perplexity per word", "number"),
)


class AnswerPerplexity(Chapter):
    """A row for each system that can tell how likely the wanted answers are; lower is better."""

    name: ClassVar[str] = "answer_perplexity"
    order: ClassVar[int] = 6

    def write(self, results: Results) -> Section | None:
        """Nothing where the task writes no text, or no system can tell."""
        told = {key: _known(answers) for key, answers in results.answers.items()}
        shared = [
            place for place in range(len(results.test)) if all(place in one for one in told.values() if one)
        ]
        able = [key for key, one in told.items() if one]
        if results.task.asks != "generate" or not able or not shared:
            return None
        rows = [_as_text(results.test[place]) for place in shared]
        sizes = (
            sum(len(row.text.encode(errors="surrogatepass")) for row in rows),
            sum(len(row.text.split()) for row in rows),
        )
        return Section(
            self.name,
            "How likely the wanted answers were",
            (
                f"Perplexity of {len(rows)} wanted answers ({sizes[0]} bytes, {sizes[1]} words) and of ending there, "
                "given what each system reads. Lower is better; it says nothing about what was written.",
            ),
            (
                Table(
                    COLUMNS,
                    tuple(
                        _row(results, key, rows, [told[key][place] for place in shared], sizes)
                        for key in able
                    ),
                ),
            ),
        )


def _known(answers: Sequence[Answer]) -> dict[int, float]:
    """Log-probabilities by the place of their rows."""
    found = {place: one.wanted_log_probability for place, one in enumerate(answers)}
    return {place: value for place, value in found.items() if value is not None}


def _as_text(row: Example) -> Example:
    """The wanted answer as a text of its own, in the row's group."""
    return Example(row.id, text=row.completion, group=row.group)


def _row(
    results: Results, key: str, rows: Sequence[Example], values: Sequence[float], sizes: tuple[int, int]
) -> tuple[Cell, ...]:
    answers = [Answer(text=repr(value)) for value in values]
    found, total = score(Perplexity(), rows, answers, results.task, results.seed), -math.fsum(values)
    return (
        results.titles[key],
        -math.log2(found.value),
        -math.log2(found.high),
        -math.log2(max(found.low, 1e-12)),
        1 / found.value,
        math.exp(min(700.0, total / max(1, sizes[1]))),
    )
