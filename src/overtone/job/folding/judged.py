"""What cross-validation shows of each system: its score over all rows, its spread over the folds, the differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.core.task import Task
from overtone.decide.measured import Measured
from overtone.evaluate.metric import Metric, metrics_for
from overtone.evaluate.scores import compare, correct, score


@dataclass(frozen=True)
class Judged:
    """One system: scores over all rows by metric, and the deciding metric's value in each fold."""

    key: str
    title: str
    scores: Mapping[str, Score]
    folds: tuple[float, ...]
    against_best: Comparison | None  # this less the best, corrected; None of the best itself

    @property
    def mean(self) -> float:
        """The mean over folds."""
        return mean(self.folds)

    @property
    def deviation(self) -> float:
        """The standard deviation over folds: how much the rows that were trained and judged on matter."""
        return stdev(self.folds)


def judge_folds(
    task: Task, rows: Sequence[Sequence[Example]], measured: Sequence[Sequence[Measured]], seed: int
) -> tuple[tuple[Metric, ...], list[Judged]]:
    """Metrics, and every system from the best on; `rows` and `measured` are by fold, in the same order."""
    every = [row for fold in rows for row in fold]
    metrics = tuple(metrics_for(task, every))
    answers = {one.key: _answers(one.key, measured) for one in measured[0]}
    titles = {one.key: one.title for one in measured[0]}
    scores = {
        key: {metric.key: score(metric, every, given, task, seed) for metric in metrics}
        for key, given in answers.items()
    }
    first = metrics[0]
    order = sorted(scores, key=lambda key: -scores[key][first.key].value)
    best = order[0]
    against = correct(
        {key: compare(first, every, answers[key], answers[best], task, seed) for key in order[1:]}
    )
    spread = {key: tuple(_values(first, task, rows, key, measured)) for key in order}
    return metrics, [Judged(key, titles[key], scores[key], spread[key], against.get(key)) for key in order]


def _answers(key: str, measured: Sequence[Sequence[Measured]]) -> list[Answer]:
    return [answer for fold in measured for one in fold if one.key == key for answer in one.answers]


def _values(
    metric: Metric,
    task: Task,
    rows: Sequence[Sequence[Example]],
    key: str,
    measured: Sequence[Sequence[Measured]],
) -> list[float]:
    """The metric's value in each fold that has a row it can judge."""
    found = []
    for examples, fold in zip(rows, measured, strict=True):
        given = next(one.answers for one in fold if one.key == key)
        judged = [pair for pair in zip(examples, given, strict=True) if metric.judges(pair[0])]
        if judged:
            found.append(metric.value([row for row, _ in judged], [answer for _, answer in judged], task))
    return found
