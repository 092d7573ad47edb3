"""Metrics of classes against scikit-learn, to 1e-12."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn import metrics as oracle

from overtone.core.answer import Answer
from overtone.evaluate.metric import Metric
from overtone.evaluate.scores import compare, score
from tests.evaluate.rows import MULTI, SINGLE, answered, labelled, texts

LABELS = ("a", "b", "c", "d")
PAIRS = some.lists(some.tuples(some.sampled_from(LABELS), some.sampled_from(LABELS)), min_size=1, max_size=40)
SETS = some.sets(some.sampled_from(LABELS), min_size=1)
SET_PAIRS = some.lists(some.tuples(SETS, SETS), min_size=1, max_size=30)
CHOICES = ("weighted_f1", "micro_f1", "balanced_accuracy", "matthews")
PROBABLE = ("roc_auc", "average_precision", "log_loss", "brier", "top_k")


def metric(name, **settings):
    return Metric.model_validate({"name": name, **settings})


def near(value):
    return pytest.approx(value, abs=1e-12)


def probable(rows):
    return [Answer(probabilities=dict(zip(LABELS, row, strict=True))) for row in rows.tolist()]


@given(PAIRS)
def test_values_of_chosen_classes(pairs):
    wanted, picked = zip(*pairs, strict=True)
    examples, answers = labelled(*wanted), answered(*picked)
    found = {name: metric(name).value(examples, answers, SINGLE) for name in CHOICES}
    classes = sorted(set(wanted))
    assert found["weighted_f1"] == near(oracle.f1_score(wanted, picked, average="weighted", zero_division=0))
    assert found["micro_f1"] == near(oracle.f1_score(wanted, picked, average="micro", zero_division=0))
    recalls = oracle.recall_score(wanted, picked, labels=classes, average="macro", zero_division=0)
    assert found["balanced_accuracy"] == near(recalls)
    foreign = len(set(picked) - set(classes)) > 1  # those are one class to us: systems must share the columns
    alone = len({*wanted, *picked}) == 1  # of which scikit-learn warns
    assert foreign or alone or found["matthews"] == near(oracle.matthews_corrcoef(wanted, picked))


@given(SET_PAIRS)
def test_values_of_several_labels(pairs):
    wanted, picked = zip(*pairs, strict=True)
    examples = labelled(*(tuple(sorted(labels)) for labels in wanted))
    answers = [
        Answer(probabilities={label: 0.1 + 0.8 * (label in row) for label in LABELS}) for row in picked
    ]
    truth, guess = (
        np.array([[label in row for label in LABELS] for row in rows]) for rows in (wanted, picked)
    )

    def found(name):
        return metric(name).value(examples, answers, MULTI)

    assert found("micro_f1") == near(oracle.f1_score(truth, guess, average="micro", zero_division=0))
    assert found("weighted_f1") == near(oracle.f1_score(truth, guess, average="weighted", zero_division=0))
    assert found("jaccard") == near(oracle.jaccard_score(truth, guess, average="samples"))
    assert found("hamming") == near(1 - oracle.hamming_loss(truth, guess))
    assert found("accuracy") == near(oracle.accuracy_score(truth, guess))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_values_of_probabilities(seed, ties):
    random = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(4), random.integers(0, 4, 60)])
    raw = random.random((64, 4)) + 0.8 * np.eye(4)[truth]
    raw = np.ceil(raw * 3) if ties else raw
    shares = raw / raw.sum(axis=1, keepdims=True)
    examples, answers = labelled(*(LABELS[label] for label in truth)), probable(shares)

    def found(name, **settings):
        return metric(name, **settings).value(examples, answers, SINGLE)

    area = oracle.roc_auc_score(truth, shares, multi_class="ovr", average="macro")
    assert found("roc_auc") == near(area)
    precision = oracle.average_precision_score(np.eye(4)[truth], shares, average="macro")
    assert found("average_precision") == near(precision)
    assert -np.log(found("log_loss")) == near(oracle.log_loss(truth, shares))
    away = oracle.brier_score_loss(truth, shares, scale_by_half=True, labels=range(4))
    assert found("brier") == near(1 - away)
    for k in (2, 3):
        place = np.argsort(-shares, axis=1, kind="stable")[:, :k]
        assert found("top_k", k=k) == (place == truth[:, None]).any(axis=1).mean()
        assert ties or found("top_k", k=k) == near(oracle.top_k_accuracy_score(truth, shares, k=k))


@given(SET_PAIRS)
def test_ranking_with_several_labels(pairs):
    wanted, picked = zip(*pairs, strict=True)
    examples = labelled(*(tuple(sorted(labels)) for labels in wanted))
    random = np.random.default_rng(len(pairs))
    scores = random.random((len(pairs), 4)).round(1) / 2
    scores += [[0.5 * (label in row) for label in LABELS] for row in picked]
    truth = np.array([[label in row for label in LABELS] for row in wanted])
    some_wanted = truth.any(axis=0)
    expected = oracle.average_precision_score(truth[:, some_wanted], scores[:, some_wanted])
    assert metric("average_precision").value(examples, probable(scores), MULTI) == near(expected)
    mixed = some_wanted & ~truth.all(axis=0)
    area = oracle.roc_auc_score(truth[:, mixed], scores[:, mixed]) if mixed.any() else 0.5
    assert metric("roc_auc").value(examples, probable(scores), MULTI) == near(area)


def test_the_interval_of_the_roc_area_has_the_width_that_delong_gives():
    random = np.random.default_rng(0)
    truth = np.arange(400) % 2
    share = np.clip(random.normal(0.4 + 0.2 * truth, 0.2), 0.001, 0.999)
    answers = [Answer(probabilities={"a": 1 - one, "b": one}) for one in share.tolist()]
    examples = labelled(*("ab"[label] for label in truth))
    found = score(metric("roc_auc"), examples, answers, SINGLE, seed=0)
    inside, outside = share[truth == 1], share[truth == 0]
    wins = (inside[:, None] > outside).astype(float)
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 200 + wins.mean(axis=0).var(ddof=1) / 200)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.05)
    assert compare(metric("roc_auc"), examples, answers, answers, SINGLE, seed=0).p == 1


@pytest.mark.parametrize("name", [*CHOICES, *PROBABLE, "jaccard", "hamming", "accuracy", "macro_f1"])
def test_a_failed_answer_costs_what_a_wrong_one_does(name):
    examples = labelled("a", "b", "c", "a", "b")
    good = answered("a", "b", "c", "a")
    failed = metric(name).value(examples, [*good, Answer(error="late")], SINGLE)
    wrong = metric(name).value(examples, [*good, *answered("a")], SINGLE)
    right = metric(name).value(examples, [*good, *answered("b")], SINGLE)
    assert max(failed, wrong) < right
    spared = {"macro_f1", "weighted_f1", "matthews"}  # no other class is blamed for a failed answer
    assert name in spared or failed <= wrong + 1e-12


def test_all_wrong_is_no_more_than_chance_in_matthews():
    assert metric("matthews").value(labelled("a", "b"), answered("b", "a"), SINGLE) == -1
    assert metric("matthews").value(labelled("a", "b"), answered("a", "a"), SINGLE) == 0
    assert metric("matthews").value(labelled("a", "a"), answered(None, "z"), SINGLE) == 0


def test_a_text_that_spells_the_label_has_all_probability():
    for name in PROBABLE:
        assert metric(name).value(labelled("a", "b"), texts("a", "b"), SINGLE) == 1


def test_a_probability_of_nothing_for_the_wanted_class_counts_as_the_smallest():
    value = metric("log_loss").value(labelled("a"), [Answer(probabilities={"b": 1.0})], SINGLE)
    assert value == pytest.approx(2.220446049250313e-16)


def test_what_is_for_one_label_says_what_to_take_for_several():
    for name in ("brier", "log_loss", "top_k", "matthews", "balanced_accuracy"):
        assert metric(name).refusal(SINGLE) is None
        assert metric(name).refusal(MULTI) == (
            f"'{name}' judges texts with one label each, and multi_label is set; take accuracy, macro_f1, micro_f1, "
            "jaccard, hamming, roc_auc or average_precision."
        )
    assert metric("roc_auc").refusal(MULTI) is None


def test_hamming_counts_the_labels_that_rows_want_or_answers_name():
    answers = [Answer(probabilities={"a": 0.9, "b": 0.9, "e": 0.1})]
    assert (
        metric("hamming").value(labelled(("a", "c")), answers, MULTI) == 0.5
    )  # b and c are wrong, a and e right
    assert metric("hamming").value(labelled("a"), texts("b"), MULTI) < 0.01


def test_the_heading_holds_k():
    assert metric("top_k", k=5).heading == "Top-5 accuracy"
