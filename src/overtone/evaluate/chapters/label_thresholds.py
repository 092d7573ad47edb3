"""The probability from which each label should count, where a text may carry several."""

from typing import ClassVar

import numpy as np

from overtone.core.answer import Answer
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.label_thresholds import best_thresholds, cross_chosen, f1_of_labels
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.metrics.macro_f1 import MacroF1
from overtone.evaluate.report.numbers import chance, interval, percent
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.evaluate.scores import compare
from overtone.evaluate.statistics.resample import Numbers

FEWEST = 40  # rows below which half of them shows no threshold
NOTE = (
    "A label's own threshold is the one with the best F1 on all rows; what it brings is measured with the threshold "
    "fitted on the other half of the rows."
)


class LabelThresholds(Chapter):
    """A threshold for each label by its F1, and what they bring on rows that they were not fitted on."""

    name: ClassVar[str] = "label_thresholds"
    order: ClassVar[int] = 55

    def write(self, results: Results) -> Section | None:
        """A table of labels for the best system; nothing where a text has one label or probabilities lack."""
        task = results.task
        found = next((pair for pair in results.predicted() if pair[0] == results.best), None)
        if found is None or not isinstance(task, ClassifyTask) or not task.multi_label:
            return None
        rows = found[1]
        if len(rows.wanted) < FEWEST or rows.left_out:
            return None
        chosen = cross_chosen(rows.probabilities, rows.wanted, task.threshold, results.seed)
        title = results.titles[results.best]
        return Section(
            self.name,
            f"Thresholds of the labels of {title}",
            (_sentence(results, rows, chosen, task.threshold),),
            (_table(rows, chosen, task.threshold),),
        )


def _sentence(results: Results, rows: Predicted, chosen: Numbers, usual: float) -> str:
    """What thresholds of their own bring, by macro-F1 on the same rows."""
    before, after = (_answers(rows.labels, table) for table in (rows.probabilities >= usual, chosen))
    gain = compare(MacroF1(), results.test, after, before, results.task, results.seed)
    clear = gain.low > 0 or gain.high < 0
    words = f"{percent(gain.difference, True)} points of macro-F1 {interval(gain, True)}"
    verdict = "change" if clear else "do not clearly change"
    return (
        f"Thresholds of their own {verdict} the result against one of {usual:g} for all: {words}, p {chance(gain.p)} "
        f"(n = {len(chosen)})."
    )


def _answers(labels: tuple[str, ...], chosen: np.ndarray) -> list[Answer]:
    return [Answer(probabilities=dict(zip(labels, row.astype(float).tolist()))) for row in chosen]


def _table(rows: Predicted, chosen: Numbers, usual: float) -> Table:
    thresholds = best_thresholds(rows.probabilities, rows.wanted, usual)
    before = f1_of_labels((rows.probabilities >= usual).astype(float), rows.wanted)
    after = f1_of_labels(chosen, rows.wanted)
    lines: list[tuple[Cell, ...]] = [
        (label, int(wanted), *map(float, numbers))
        for label, wanted, *numbers in zip(rows.labels, rows.wanted.sum(axis=0), thresholds, before, after)
    ]
    heads = (
        Column("Label"),
        Column("Rows", "count"),
        Column("Own threshold", "percent"),
        Column(f"F1 at {100 * usual:g}", "percent"),
        Column("F1 at its own", "percent"),
    )
    return Table(heads, tuple(lines), note=NOTE)
