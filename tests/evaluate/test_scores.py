from dataclasses import replace

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.score import Comparison
from overtone.evaluate.metric import metrics_for
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.metrics.macro_f1 import MacroF1
from overtone.evaluate.metrics.roc_auc import RocAuc
from overtone.evaluate.metrics.rouge_l import RougeL
from overtone.evaluate.metrics.steps import Steps
from overtone.evaluate.scores import compare, correct, pairs, score, smallest_difference, tied
from overtone.evaluate.statistics.wilson import wilson
from tests.evaluate.rows import SINGLE, WRITE, answered, labelled, texts, written

RANDOM = np.random.default_rng(4)
WANTED = [str(label) for label in RANDOM.integers(0, 5, 120)]
GOOD = [label if keep else "0" for label, keep in zip(WANTED, RANDOM.random(120) < 0.9, strict=True)]
POOR = [label if keep else "1" for label, keep in zip(WANTED, RANDOM.random(120) < 0.6, strict=True)]
ROWS = labelled(*WANTED)


def test_accuracy_carries_wilson():
    right = sum(map(str.__eq__, WANTED, GOOD))
    found = score(Accuracy(), ROWS, answered(*GOOD), SINGLE, seed=0)
    assert (found.value, found.n, found.method) == (right / 120, 120, "wilson")
    assert (found.low, found.high) == wilson(right, 120)


@pytest.mark.parametrize("metric", [Accuracy(), MacroF1()])
def test_scores_hold_their_value_and_comparisons_their_difference(metric):
    good, poor = answered(*GOOD), answered(*POOR)
    best, other = (score(metric, ROWS, answers, SINGLE, seed=0) for answers in (good, poor))
    assert best.low < best.value < best.high and other.low < other.value < other.high
    found = compare(metric, ROWS, poor, good, SINGLE, seed=0)
    assert found.difference == pytest.approx(other.value - best.value)
    assert found.low <= found.difference <= found.high < 0
    assert found.p == found.p_corrected < 0.001
    assert 0 < smallest_difference(metric, ROWS, poor, good, SINGLE, seed=0) < -found.difference


def test_a_mean_is_compared_row_by_row():
    examples = written(*["restart the router now"] * 30)
    good, poor = texts(*["restart the router"] * 30), texts(*["restart it", "the router"] * 15)
    found = compare(RougeL(), examples, poor, good, WRITE, seed=1)
    assert found.test == "paired bootstrap" and found.high < 0 and found.p < 0.001
    assert compare(RougeL(), examples, good, good, WRITE, seed=1).p == 1.0


USUAL = [*metrics_for(SINGLE, ROWS), *metrics_for(WRITE, written("1. a b", "1. c"))]


@pytest.mark.parametrize("metric", USUAL, ids=lambda metric: metric.name)
def test_a_system_against_itself_never_differs(metric):
    classify = "classify" in metric.asks
    examples, answers, task = (
        (ROWS, answered(*GOOD), SINGLE) if classify else (written("1. a b", "1. c"), texts("a b", "d"), WRITE)
    )
    found = compare(metric, examples, answers, answers, task, seed=0)
    assert found.difference == 0 and found.p == 1 and found.low <= 0 <= found.high


@pytest.mark.parametrize("answers", [answered("a"), answered("b"), answered(None)])
@pytest.mark.parametrize("metric", [Accuracy(), MacroF1()])
def test_one_row_gives_a_wide_interval_and_no_warning(metric, answers):
    found = score(metric, labelled("a"), answers, SINGLE, seed=0)
    assert found.high - found.low > 0.7 and 0 <= found.low <= found.value <= found.high <= 1
    assert smallest_difference(metric, labelled("a"), answers, answered("a"), SINGLE, seed=0) >= 0


def test_rows_that_cannot_be_judged_are_left_out_and_the_count_says_so():
    examples, answers = written("1. wait here", "plain"), texts("wait here", "other")
    found = score(Steps(), examples, answers, WRITE, seed=0)
    assert (found.value, found.n) == (1.0, 1)
    message = "no test row can be judged by 'steps'; give test rows with wanted answers."
    with pytest.raises(UserError, match=message):
        score(Steps(), examples[1:], answers[1:], WRITE, seed=0)


def test_a_family_of_comparisons_is_corrected_together():
    family = {
        name: Comparison(0.1, 0.0, 0.2, p, p, "exact McNemar") for name, p in (("a", 0.04), ("b", 0.01))
    }
    corrected = correct(family)
    assert [corrected[name].p_corrected for name in "ab"] == pytest.approx([0.04, 0.02])
    assert corrected["a"].p == 0.04


def test_equal_systems_rarely_differ_in_macro_f1():
    random = np.random.default_rng(11)
    alarms = 0
    for seed in range(60):
        wanted = random.integers(0, 4, 80)
        first, second = (
            np.where(random.random(80) < 0.75, wanted, random.integers(0, 4, 80)) for _ in range(2)
        )
        answers = [answered(*map(str, labels)) for labels in (first, second)]
        alarms += compare(MacroF1(), labelled(*map(str, wanted)), *answers, SINGLE, seed).p <= 0.05
    assert alarms <= 6


def grouped(rows, each):
    return [replace(row, group=f"g{place // each}") for place, row in enumerate(rows)]


@pytest.mark.parametrize("metric", [Accuracy(), MacroF1()])
def test_rows_of_groups_that_agree_are_less_evidence(metric):
    wanted = ["a", "b"] * 60
    block = np.repeat(RANDOM.random(24) < 0.7, 5)  # whole groups are right or wrong
    good = answered(*[one if right else "c" for one, right in zip(wanted, block, strict=True)])
    poor = answered(*["c"] * 120)
    rows = labelled(*wanted)
    alone = score(metric, rows, good, SINGLE, seed=0)
    found = score(metric, grouped(rows, 5), good, SINGLE, seed=0)
    assert found.value == alone.value and found.n == 120
    assert found.method == f"{metric.interval} of 24 groups"
    assert found.high - found.low > 1.8 * (alone.high - alone.low)
    change = compare(metric, grouped(rows, 5), poor, good, SINGLE, seed=0)
    assert (
        change.test == "paired permutation of groups" and change.low <= change.difference <= change.high < 0
    )
    assert smallest_difference(
        metric, grouped(rows, 5), poor, good, SINGLE, seed=0
    ) > 1.2 * smallest_difference(metric, rows, poor, good, SINGLE, seed=0)


def test_groups_of_one_row_are_rows():
    rows = labelled(*WANTED)
    expected = score(Accuracy(), rows, answered(*GOOD), SINGLE, seed=0)
    assert score(Accuracy(), grouped(rows, 1), answered(*GOOD), SINGLE, seed=0) == expected


def test_a_mean_over_groups_is_that_over_rows():
    examples = grouped(written(*["restart the router now", "wait here"] * 15), 3)
    found = score(RougeL(), examples, texts(*["restart the router", "wait"] * 15), WRITE, seed=0)
    assert found.low < found.value < found.high and found.method == "bca of 10 groups"
    itself = compare(RougeL(), examples, texts(*["wait"] * 30), texts(*["wait"] * 30), WRITE, seed=0)
    assert itself.p == 1 and itself.low < 0 < itself.high


def test_systems_that_cannot_be_told_from_the_best_are_tied():
    found = correct(
        {
            "far": Comparison(-0.3, -0.4, -0.2, 0.001, 0.001, ""),
            "near": Comparison(-0.1, -0.2, 0, 0.02, 0.02, ""),
        },
        pairs(3),
    )
    assert pairs(3) == 3 and pairs(1) == 0
    assert found["near"].p_corrected == pytest.approx(0.04) and tied(found) == frozenset()
    assert tied(correct(found, pairs(5))) == {"near"}


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_intervals_of_a_ranking_in_groups_end_where_its_values_do(seed):
    """The sums of a few groups reach beyond 1 when they are drawn again."""
    draw = np.random.default_rng(seed)
    rows = [replace(row, group=str(place % 12)) for place, row in enumerate(labelled(*"baa" * 12))]
    odds = [(2 if row.labels == ("a",) else -2) + 1.3 * draw.normal() for row in rows]
    good, turned = (
        [Answer(probabilities={"a": share, "b": 1 - share}) for share in shares]
        for shares in ([1 / (1 + np.exp(-odd)) for odd in odds], [1 / (1 + np.exp(odd)) for odd in odds])
    )
    found = score(RocAuc(), rows, good, SINGLE, 0)
    assert 0 < found.low < found.value < found.high <= 1
    change = compare(RocAuc(), rows, turned, good, SINGLE, 0)
    assert -1 <= change.low < change.difference < change.high < 0
