"""Scores of one system, and one system against another on the same rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.core.task import Task
from overtone.evaluate.inference import inference
from overtone.evaluate.metric import Metric
from overtone.evaluate.statistics.groups import Places, places
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.normal import LEVEL
from overtone.evaluate.statistics.resample import Numbers


def score(
    metric: Metric, examples: Sequence[Example], answers: Sequence[Answer], task: Task, seed: int
) -> Score:
    """The value of a metric with its 95 % interval, over the rows that the metric can judge.

    Where rows share a group, the interval counts groups. UserError where there is no such row. The seed decides the
    resamples, so a score can be repeated.
    """
    tallies = _tallies(metric, examples, answers, task)
    place = _places(metric, examples)
    low, high = inference(metric, place).interval(tallies, seed)
    low, high = max(low, metric.lowest), min(high, 1.0)
    method = metric.interval if place is None else f"{metric.interval} of {place.max() + 1} groups"
    return Score(float(metric.of_sums(tallies.sum(axis=0))), low, high, len(tallies), method)


def value(metric: Metric, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> float:
    """The value of a metric alone, over the rows that it can judge; UserError where there is none."""
    return float(metric.of_sums(_tallies(metric, examples, answers, task).sum(axis=0)))


def compare(
    metric: Metric,
    examples: Sequence[Example],
    answers_a: Sequence[Answer],
    answers_b: Sequence[Answer],
    task: Task,
    seed: int,
) -> Comparison:
    """The first system's answers against the second's to the same questions: difference, interval and test.

    Exact McNemar where rows are right or wrong, else a paired bootstrap; where rows share a group, a paired
    permutation of groups. The corrected p is the plain one until `correct` has seen the whole family.
    """
    first = _tallies(metric, examples, answers_a, task)
    place = _places(metric, examples)
    found = inference(metric, place).compare(first, _tallies(metric, examples, answers_b, task), seed)
    most = 1.0 - metric.lowest
    return replace(found, low=max(found.low, -most), high=min(found.high, most))


def correct(comparisons: Mapping[str, Comparison], family: int | None = None) -> dict[str, Comparison]:
    """The same comparisons with p values corrected by Holm for being a family.

    `family` is how many could have been made, where the results themselves chose these (`pairs`).
    """
    corrected = holm([comparison.p for comparison in comparisons.values()], family)
    return {
        name: replace(comparison, p_corrected=p)
        for (name, comparison), p in zip(comparisons.items(), corrected, strict=True)
    }


def pairs(systems: int) -> int:
    """How many pairs there are: the family of comparisons with the best, which any of them could have been."""
    return systems * (systems - 1) // 2


def tied(comparisons: Mapping[str, Comparison]) -> frozenset[str]:
    """The systems that these rows cannot tell from the best, after correction: no winner among them is shown."""
    return frozenset(name for name, comparison in comparisons.items() if comparison.p_corrected >= LEVEL)


def smallest_difference(
    metric: Metric,
    examples: Sequence[Example],
    answers_a: Sequence[Answer],
    answers_b: Sequence[Answer],
    task: Task,
    seed: int,
) -> float:
    """The smallest difference that these rows can show between systems that differ as these two do.

    At 80 % power and a 5 % level.
    """
    first = _tallies(metric, examples, answers_a, task)
    place = _places(metric, examples)
    return inference(metric, place).detectable(first, _tallies(metric, examples, answers_b, task), seed)


def _tallies(metric: Metric, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> Numbers:
    """The tallies of the rows that the metric can judge."""
    pairs = [pair for pair in zip(examples, answers, strict=True) if metric.judges(pair[0])]
    if not pairs:
        raise UserError(f"no test row can be judged by '{metric.name}'; give test rows with wanted answers.")
    return metric.tallies([row for row, _ in pairs], [answer for _, answer in pairs], task)


def _places(metric: Metric, examples: Sequence[Example]) -> Places | None:
    """The group of each row that can be judged; None where no two rows share one."""
    return places([row.group for row in examples if metric.judges(row)])
