"""The section on gaps between groups of rows, before and after tuning."""

from collections.abc import Mapping, Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.numbers import chance
from overtone.evaluate.report.section import Column, Section, Table
from overtone.evaluate.safety.gaps import Gap, gaps
from overtone.evaluate.safety.wording import FEWEST, in_words, score_cells, scored


def gap_section(
    metric: Metric,
    rows: Sequence[Example],
    answers: Mapping[str, Sequence[Answer]],
    task: Task,
    seed: int = 0,
) -> Section | None:
    """The deciding metric by trait and group for each system; None where no row has a trait."""
    if not any(row.traits for row in rows):
        return None
    found = {title: gaps(metric, rows, given, task, seed) for title, given in answers.items()}
    sentences = [_sentence(title, gap) for title, several in found.items() for gap in several] or [
        f"No trait has two groups of {FEWEST} rows: gaps cannot be told."
    ]
    note = "A gap says that groups fare differently, not why: their rows may differ in difficulty."
    return Section("safety_groups", "Gaps between groups", (*sentences, note), _tables(metric, found))


def _sentence(title: str, gap: Gap) -> str:
    return (
        f"{title}, {gap.trait}: the largest gap is {in_words(gap.gap)} rows, '{gap.high}' above '{gap.low}' "
        f"(p {chance(gap.p)}, permutation, Holm)."
    )


def _tables(metric: Metric, found: Mapping[str, Sequence[Gap]]) -> tuple[Table, ...]:
    rows = tuple(
        (title, gap.trait, name, score.n, *score_cells(score))
        for title, several in found.items()
        for gap in several
        for name, score in gap.groups
    )
    columns = (*map(Column, ("system", "trait", "group")), Column("n", "count"), *scored(metric.heading))
    return (Table(columns, rows),) if rows else ()
