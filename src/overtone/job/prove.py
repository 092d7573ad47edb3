"""Scores of every system on the clean test rows and on all of them, each against the best."""

from collections.abc import Sequence
from dataclasses import dataclass

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.core.task import Task
from overtone.decide.measured import Measured
from overtone.decide.verdict import Evidence, Verdict, decide
from overtone.evaluate.metric import Metric, metrics_for
from overtone.evaluate.scores import compare, correct, pairs, score, smallest_difference, tied

Answers = Sequence[Answer]
Table = dict[str, dict[str, Score]]  # system, metric


@dataclass(frozen=True)
class Proof:
    """What the answers show: scores and comparisons by system and metric, and the verdict."""

    metrics: tuple[Metric, ...]
    scores: Table
    all_rows: Table  # on all test rows; empty where none stands in train
    comparisons: dict[str, dict[str, Comparison]]
    best: str
    tied: frozenset[str]  # the systems that the deciding metric cannot tell from the best on these rows
    detectable: float | None
    verdict: Verdict
    clean: tuple[Example, ...]  # the test rows that do not stand in train: what the scores are of
    answers: dict[str, Answers]  # of each system to the clean rows


def prove(
    task: Task, test: Sequence[Example], leaked: frozenset[str], measured: Sequence[Measured], seed: int
) -> Proof:
    """Judge the measured systems; test rows that stand in train are set aside and shown in `all_rows`."""
    clean = [row for row in test if row.id not in leaked] or list(test)
    metrics = tuple(metrics_for(task, clean))
    kept = {row.id for row in clean}
    answers = {one.key: _of_rows(one, kept) for one in measured}
    scores = {
        key: {metric.key: score(metric, clean, given, task, seed) for metric in metrics}
        for key, given in answers.items()
    }
    deciding = metrics[0]
    order = sorted(scores, key=lambda key: -scores[key][deciding.key].value)
    comparisons = _comparisons(task, metrics, clean, answers, order[0], seed)
    evidence = _evidence(task, deciding, clean, answers, scores, measured, order, seed)
    return Proof(
        metrics=metrics,
        scores=scores,
        all_rows=_all_rows(task, test, clean, metrics, measured, seed),
        comparisons=comparisons,
        best=order[0],
        tied=tied({key: row[deciding.key] for key, row in comparisons.items()}),
        detectable=evidence.smallest,
        verdict=decide(evidence),
        clean=tuple(clean),
        answers=answers,
    )


def _of_rows(measured: Measured, kept: set[str]) -> Answers:
    return [answer for row, answer in zip(measured.ids, measured.answers, strict=True) if row in kept]


def _all_rows(
    task: Task,
    test: Sequence[Example],
    clean: Sequence[Example],
    metrics: Sequence[Metric],
    measured: Sequence[Measured],
    seed: int,
) -> Table:
    if len(clean) == len(test):
        return {}
    return {
        one.key: {metric.key: score(metric, test, one.answers, task, seed) for metric in metrics}
        for one in measured
    }


def _comparisons(
    task: Task,
    metrics: Sequence[Metric],
    clean: Sequence[Example],
    answers: dict[str, Answers],
    best: str,
    seed: int,
) -> dict[str, dict[str, Comparison]]:
    """Each system against the best by every metric; the p values of a metric are one family (Holm).

    Which system is best, the same rows have said: the family is every pair that could have been compared.
    """
    found: dict[str, dict[str, Comparison]] = {key: {} for key in answers if key != best}
    for metric in metrics:
        family = {key: compare(metric, clean, answers[key], answers[best], task, seed) for key in found}
        for key, comparison in correct(family, pairs(len(answers))).items():
            found[key][metric.key] = comparison
    return found


def _evidence(
    task: Task,
    deciding: Metric,
    clean: Sequence[Example],
    answers: dict[str, Answers],
    scores: Table,
    measured: Sequence[Measured],
    order: Sequence[str],
    seed: int,
) -> Evidence:
    """What the verdict rests on; the gain is corrected for every tuned and untuned pair that could have been best."""
    tuned = frozenset(one.key for one in measured if one.tuned)
    best_tuned = next((key for key in order if key in tuned), None)
    untuned = [key for key in order if key not in tuned]
    gain = smallest = None
    if best_tuned and untuned:
        family = {
            key: compare(deciding, clean, answers[best_tuned], answers[key], task, seed) for key in untuned
        }
        gain = correct(family, len(tuned) * len(untuned))[untuned[0]]
        rows = (answers[best_tuned], answers[untuned[0]])
        smallest = smallest_difference(deciding, clean, *rows, task, seed)
    return Evidence(
        metric=deciding.heading,
        scores={key: row[deciding.key] for key, row in scores.items()},
        titles={one.key: one.title for one in measured},
        tuned=tuned,
        gain=gain,
        smallest=smallest,
        bar=task.bar,
        wrong_answer_cost=task.wrong_answer_cost,
        answers_per_month=task.answers_per_month,
    )
