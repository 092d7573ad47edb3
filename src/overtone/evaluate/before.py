"""What the test rows can show, told before anything is trained."""

from collections.abc import Sequence

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric, deciding
from overtone.evaluate.statistics.detectable import detectable_mean, detectable_share, rows_to_show

DISCORDANCE = 0.1  # share of rows that only one of two systems gets right, where nothing is known yet
DEVIATION = 0.2  # standard deviation of the difference of two answers to a row, in a metric from 0 to 1
FINEST = 0.01  # the gap for which the rows that it takes are named


def detectable_before(task: Task, clean_rows: Sequence[Example]) -> str:
    """How small a gap between two systems the clean test rows can show, in sentences; "" where none can be judged."""
    metric = deciding(task)
    rows = [row for row in clean_rows if metric.judges(row)]
    if not rows:
        return ""
    n, groups = len(rows), sum(not row.group for row in rows) + len({row.group for row in rows} - {""})
    gap, assumed = _gap(metric, n)
    if gap >= 1:
        return f"{n} clean test rows can show no gap in {metric.heading}, however large; add test rows."
    told = f"{n} clean test rows can show a gap of {_points(gap)} in {metric.heading} between two systems {assumed}"
    sentences = [f"{told} (80 % power at a 5 % level)."]
    if groups < n:
        alike, _ = _gap(metric, groups)
        least = f"one of {_points(alike)}" if alike < 1 else "none"
        sentences.append(
            f"They come from {groups} groups; were the rows of a group all alike, they could show {least}."
        )
    if gap > FINEST and metric.interval == "wilson":
        sentences.append(f"A gap of 1 point takes about {rows_to_show(FINEST, DISCORDANCE):,} rows.")
    return " ".join(sentences)


def _gap(metric: Metric, n: int) -> tuple[float, str]:
    """The smallest gap, and in words what is assumed of the systems."""
    if metric.interval == "bca":
        return detectable_mean(n, DEVIATION), f"whose values for a row differ by {DEVIATION:g} as a rule"
    gap = detectable_share(n, DISCORDANCE)
    return gap, f"of which only one is right on {100 * max(gap, DISCORDANCE):.0f} % of the rows"


def _points(gap: float) -> str:
    return f"{100 * gap:.1f} points"
