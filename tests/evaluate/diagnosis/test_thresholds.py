import numpy as np
import pytest
from sklearn.metrics import f1_score

from overtone.evaluate.diagnosis.halves import halves
from overtone.evaluate.diagnosis.handing_over import (
    EVERY_ROW,
    Prices,
    cheapest_threshold,
    costs,
    coverage_and_accuracy,
    cross_costs,
)
from overtone.evaluate.diagnosis.label_thresholds import (
    best_threshold,
    best_thresholds,
    cross_chosen,
    f1_of_labels,
)


def decided(n=300, seed=0):
    draw = np.random.default_rng(seed)
    confidence = np.round(draw.random(n), 2)
    return confidence, (draw.random(n) < confidence).astype(float)


def test_the_cheapest_threshold_by_hand():
    confidence, right = np.array([0.2, 0.4, 0.6, 0.9]), np.array([0.0, 0.0, 1.0, 1.0])
    assert cheapest_threshold(confidence, right, Prices(5, 1)) == 0.6
    assert costs(confidence, right, 0.6, Prices(5, 1)).tolist() == [1, 1, 0, 0]
    assert cheapest_threshold(confidence, right, Prices(1, 5)) == 0
    assert cheapest_threshold(confidence, 0 * right, Prices(5, 1)) == EVERY_ROW


@pytest.mark.parametrize("seed", range(4))
def test_no_other_threshold_is_cheaper(seed):
    confidence, right = decided(seed=seed)
    prices = Prices(1.0, 0.3)
    found = costs(confidence, right, cheapest_threshold(confidence, right, prices), prices).sum()
    tried = [costs(confidence, right, one, prices).sum() for one in (0, *np.unique(confidence), EVERY_ROW)]
    assert found == pytest.approx(min(tried))


def test_a_row_is_never_judged_by_a_threshold_that_it_helped_to_find():
    confidence, right = decided()
    first, second = halves(300, 7)
    found, handed = cross_costs(confidence, right, Prices(1, 0.3), 7)
    threshold = cheapest_threshold(confidence[first], right[first], Prices(1, 0.3))
    assert (handed[second] == (confidence[second] < threshold)).all()
    assert (found[second] == costs(confidence[second], right[second], threshold, Prices(1, 0.3))).all()
    other = np.where(np.isin(np.arange(300), first), 1 - right, right)
    assert (cross_costs(confidence, other, Prices(1, 0.3), 7)[1][first] == handed[first]).all()


def test_coverage_by_hand():
    coverage, accuracy = coverage_and_accuracy(np.array([0.5, 0.9, 0.5, 0.7]), np.array([0.0, 1, 1, 1]))
    assert coverage.tolist() == [0.25, 0.5, 1] and accuracy.tolist() == [1, 1, 0.75]


@pytest.mark.parametrize("seed", range(4))
def test_no_other_label_threshold_has_a_better_f1(seed):
    scores, wanted = decided(n=120, seed=seed)
    found = f1_score(wanted, scores >= best_threshold(scores, wanted, 0.5))
    assert found == pytest.approx(max(f1_score(wanted, scores >= one) for one in np.unique(scores)))


def test_a_rare_label_keeps_the_usual_threshold():
    scores, wanted = np.linspace(0, 1, 50), np.zeros(50)
    wanted[-4:] = 1
    assert best_threshold(scores, wanted, 0.37) == 0.37


def test_labels_are_chosen_by_the_other_half():
    draw = np.random.default_rng(3)
    scores = draw.random((200, 3))
    wanted = (draw.random((200, 3)) < scores**2).astype(float)
    first, second = halves(200, 5)
    chosen = cross_chosen(scores, wanted, 0.5, 5)
    assert (chosen[second] == (scores[second] >= best_thresholds(scores[first], wanted[first], 0.5))).all()
    expected = [f1_score(wanted[:, one], chosen[:, one]) for one in range(3)]
    assert f1_of_labels(chosen, wanted) == pytest.approx(expected)
