"""Perplexity in its usual units, for plain texts: bits per byte, perplexity per byte and per word."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.metrics.perplexity import log_probability, text_bytes
from overtone.evaluate.report.section import Column, Section, Table

COLUMNS = (
    Column("System"),
    Column("Bits per byte", "number"),
    Column("from", "number"),
    Column("to", "number"),
    Column("Perplexity per byte", "number"),
    Column("Perplexity per word", "number"),
    Column("Texts not judged", "count"),
)


class PerplexityUnits(Chapter):
    """Every system's perplexity as it is usually given: lower is better."""

    name: ClassVar[str] = "perplexity"
    order: ClassVar[int] = 5

    def write(self, results: Results) -> Section | None:
        """A row for each system; nothing where the task is not to continue texts, or judged otherwise."""
        if results.task.asks != "score" or results.metric.name != "perplexity":
            return None
        sizes = [text_bytes(row) for row in results.test]
        words = sum(len(row.text.split()) for row in results.test)
        documents = len({row.group or row.id for row in results.test})
        rows = tuple(_row(results, key, sizes, words) for key in results.answers)
        return Section(
            self.name,
            "Perplexity",
            (
                f"{len(sizes)} passages of {documents} texts: {sum(sizes)} bytes, {words} words. Lower is better. A "
                "word is what stands between spaces and counts with the space behind it.",
            ),
            (Table(COLUMNS, rows),),
        )


def _row(results: Results, key: str, sizes: Sequence[int], words: int) -> tuple[str | float | int, ...]:
    """Title, bits per byte with its interval, perplexities, and how many texts got no answer."""
    answers, score = results.answers[key], results.scores[key]
    total = float(np.sum([log_probability(one, size) for one, size in zip(answers, sizes, strict=True)]))
    failed = sum(one.error is not None for one in answers)
    return (
        results.titles[key],
        -total / sum(sizes) / math.log(2),
        -math.log2(score.high),
        -math.log2(max(score.low, 1e-12)),
        math.exp(-total / sum(sizes)),
        math.exp(min(700.0, -total / max(1, words))),
        failed,
    )
