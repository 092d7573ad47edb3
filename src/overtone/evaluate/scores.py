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
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.resample import Numbers


def score(
    metric: Metric, examples: Sequence[Example], answers: Sequence[Answer], task: Task, seed: int
) -> Score:
    """The value of a metric with its 95 % interval, over the rows that the metric can judge.

    UserError where there is no such row. The seed decides the resamples, so a score can be repeated.
    """
    tallies = _tallies(metric, examples, answers, task)
    low, high = inference(metric).interval(tallies, seed)
    return Score(float(metric.of_sums(tallies.sum(axis=0))), low, high, len(tallies), metric.interval)


def compare(
    metric: Metric,
    examples: Sequence[Example],
    answers_a: Sequence[Answer],
    answers_b: Sequence[Answer],
    task: Task,
    seed: int,
) -> Comparison:
    """The first system's answers against the second's to the same questions: difference, interval and test.

    Exact McNemar where rows are right or wrong, else a paired bootstrap. The corrected p is the plain one
    until `correct` has seen the whole family.
    """
    first = _tallies(metric, examples, answers_a, task)
    return inference(metric).compare(first, _tallies(metric, examples, answers_b, task), seed)


def correct(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """The same comparisons with p values corrected by Holm for being a family."""
    corrected = holm([comparison.p for comparison in comparisons.values()])
    return {
        name: replace(comparison, p_corrected=p)
        for (name, comparison), p in zip(comparisons.items(), corrected, strict=True)
    }


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
    return inference(metric).detectable(first, _tallies(metric, examples, answers_b, task), seed)


def _tallies(metric: Metric, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> Numbers:
    """The tallies of the rows that the metric can judge."""
    pairs = [pair for pair in zip(examples, answers, strict=True) if metric.judges(pair[0])]
    if not pairs:
        raise UserError(f"no test row can be judged by '{metric.name}'; give test rows with wanted answers.")
    return metric.tallies([row for row, _ in pairs], [answer for _, answer in pairs], task)
