"""From which confidence on an answer should count, and which rows a person should answer instead."""

from typing import ClassVar

import numpy as np

from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.diagnosis.handing_over import (
    EVERY_ROW,
    Prices,
    cheapest_threshold,
    coverage_and_accuracy,
    cross_costs,
)
from overtone.evaluate.diagnosis.interval import mean_interval, share_of
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.diagnosis.ranking import thinned
from overtone.evaluate.report.numbers import percent
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table

COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5)
FEWEST = 40  # rows below which half of them shows no threshold


class Thresholds(Chapter):
    """Accuracy on the surest answers, and the confidence below which a person is cheaper (one label a row)."""

    name: ClassVar[str] = "thresholds"
    order: ClassVar[int] = 50

    def write(self, results: Results) -> Section | None:
        """Coverage against accuracy, and costs where the task knows them; nothing without probabilities."""
        task = results.task
        found = {
            results.titles[key]: rows
            for key, rows in results.predicted()
            if not rows.several and len(rows.wanted) >= FEWEST
        }
        if not found or not isinstance(task, ClassifyTask):
            return None
        sentences, tables = _unpriced(task), [_coverage_table(found)]
        if task.wrong_answer_cost is not None and task.review_cost is not None:
            prices = Prices(task.wrong_answer_cost, task.review_cost)
            sentences = [_told(title, rows, prices, results.seed) for title, rows in found.items()]
            tables.insert(0, _cost_table(found, prices, results.seed))
        return Section(
            self.name, "When to ask a person", tuple(sentences), tuple(tables), (_plot(found, task.bar),)
        )


def _unpriced(task: ClassifyTask) -> list[str]:
    """What to set so that a threshold can be found."""
    wanted = [f"task.{name}" for name in ("wrong_answer_cost", "review_cost") if getattr(task, name) is None]
    return [f"With {' and '.join(wanted)} in the plan, the cheapest threshold would be found here."]


def _told(title: str, rows: Predicted, prices: Prices, seed: int) -> str:
    threshold = cheapest_threshold(rows.confidence, rows.right, prices)
    found, handed = cross_costs(rows.confidence, rows.right, prices, seed)
    saved = (1 - rows.right) * prices.wrong - found
    low, high = mean_interval(saved, rows.place, seed, -prices.review, prices.wrong)
    proof = f"saves {saved.mean():.3g} an answer (95 % interval {low:.3g} to {high:.3g}, n = {len(saved)})"
    proof = proof.replace("-", "−")
    if low <= 0:
        return f"'{title}': handing rows to a person {proof}, which is not clearly more than nothing."
    if threshold == EVERY_ROW:
        return f"'{title}': a person should answer every row, which {proof}."
    return (
        f"'{title}': rows below {percent(threshold)} % confidence should go to a person ({percent(handed.mean())} % "
        f"of all), which {proof}."
    )


def _cost_table(found: dict[str, Predicted], prices: Prices, seed: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for title, one in found.items():
        costs, handed = cross_costs(one.confidence, one.right, prices, seed)
        threshold = cheapest_threshold(one.confidence, one.right, prices)
        shown = "every row" if threshold == EVERY_ROW else f"{percent(threshold)} %"
        alone = float((1 - one.right).mean()) * prices.wrong
        rows.append((title, shown, float(handed.mean()), alone, float(costs.mean()), prices.review))
    heads = (
        Column("System"),
        Column("Threshold"),
        Column("Handed over", "percent"),
        Column("Cost an answer without a person", "number"),
        Column("With the threshold", "number"),
        Column("All by a person", "number"),
    )
    calibrated = max(0.0, 1 - prices.review / prices.wrong) if prices.wrong else 0.0
    note = (
        "Share and cost are measured with the threshold that is cheapest on the other half of the rows; the one shown "
        "is the cheapest on all. Were confidence exactly the chance of being right, it would be "
        f"{percent(calibrated)} %."
    )
    return Table(heads, tuple(rows), "What a threshold costs", note)


def _coverage_table(found: dict[str, Predicted]) -> Table:
    """Accuracy on the surest part of the rows, with its interval."""
    heads = (Column("Answered", "percent"), *(Column(f"Right: {title}") for title in found))
    rows: list[tuple[Cell, ...]] = [
        (share, *(_accuracy(one, share) for one in found.values())) for share in COVERAGES
    ]
    return Table(heads, tuple(rows), "Accuracy where only the surest answers count")


def _accuracy(rows: Predicted, share: float) -> str:
    kept = max(1, round(share * len(rows.wanted)))
    surest = np.argsort(-rows.confidence, kind="stable")[:kept]
    right = rows.right[surest]
    low, high = share_of(right, None if rows.place is None else rows.place[surest])
    return f"{percent(float(right.mean()))} [{percent(low)}, {percent(high)}]"


def _plot(found: dict[str, Predicted], bar: float | None) -> Plot:
    lines = tuple(_line(title, rows) for title, rows in found.items())
    return Plot(
        "Accuracy of the answers that are kept",
        "rows answered, the surest first",
        "right",
        lines,
        across_written="percent",
        up_written="percent",
        level=bar,
    )


def _line(title: str, rows: Predicted) -> Line:
    coverage, accuracy = coverage_and_accuracy(rows.confidence, rows.right)
    steady = coverage >= _least(len(rows.wanted))
    return Line(title, thinned(coverage[steady], accuracy[steady]))


def _least(n: int) -> float:
    """The share of rows from which on an accuracy is more than noise: twenty rows, at most all."""
    return min(1.0, 20 / n)
