from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss

from overtone.evaluate.diagnosis.calibration import (
    best_temperature,
    brier_rows,
    calibration_error,
    cross_tempered,
    log_loss_rows,
    part,
    reliability,
    tempered,
)
from overtone.evaluate.diagnosis.halves import halves
from overtone.evaluate.diagnosis.predicted import Predicted, predicted
from tests.evaluate.chapters.made_up import classified


def rows(several=False, n=400, sharpness=1.0, seed=0) -> Predicted:
    """Probabilities that are exactly the chance of the wanted labels, then sharpened."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(size=(n, 4), scale=1.5)
    if several:
        chance = 1 / (1 + np.exp(-logits))
        wanted = (draw.random(chance.shape) < chance).astype(float)
        given = 1 / (1 + np.exp(-logits * sharpness))
    else:
        chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        wanted = np.eye(4)[[draw.choice(4, p=one) for one in chance]]
        given = np.exp(logits * sharpness) / np.exp(logits * sharpness).sum(axis=1, keepdims=True)
    return Predicted(("a", "b", "c", "d"), given, wanted, several)


def test_bins_hold_equally_many_and_the_error_is_their_mean_distance():
    confidence = np.repeat([0.6, 0.9], 40)
    right = np.concatenate([np.repeat([1.0, 0.0], 20), np.ones(40)])
    bins = reliability(confidence, right)
    assert [one.n for one in bins] == [20, 20, 20, 20]
    assert calibration_error(confidence, right) == pytest.approx((0.4 * 20 + 0.6 * 20 + 0.1 * 40) / 80)


def test_losses_are_those_of_sklearn():
    one = rows()
    assert log_loss_rows(one).mean() == pytest.approx(log_loss(one.wanted, one.probabilities), abs=1e-9)
    assert brier_rows(one)[0] == pytest.approx(((one.probabilities[0] - one.wanted[0]) ** 2).sum())
    many = rows(several=True)
    expected = np.mean([log_loss(many.wanted[:, k], many.probabilities[:, k]) for k in range(4)])
    assert log_loss_rows(many).mean() == pytest.approx(expected, abs=1e-9)
    assert brier_rows(many).mean() == pytest.approx(((many.probabilities - many.wanted) ** 2).mean())


@pytest.mark.parametrize("several", [False, True])
def test_the_temperature_undoes_sharpening(several):
    plain = best_temperature(rows(several, n=3000))
    assert plain == pytest.approx(1, abs=0.12)
    assert best_temperature(rows(several, n=3000, sharpness=3)) == pytest.approx(3 * plain, rel=0.01)


def test_scaling_keeps_every_choice_and_sums_to_one():
    one = tempered(rows(), 2.5)
    assert np.allclose(one.probabilities.sum(axis=1), 1)
    assert (one.probabilities.argmax(axis=1) == rows().probabilities.argmax(axis=1)).all()


def test_sure_mistakes_have_a_finite_loss():
    sure = Predicted(
        ("a", "b"), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]]), False
    )
    assert np.isfinite(log_loss_rows(sure)).all() and np.isfinite(tempered(sure, 2).probabilities).all()


def test_no_row_is_judged_at_a_temperature_that_it_was_fitted_on():
    one = rows(sharpness=3)
    scaled = cross_tempered(one, seed=4)
    first, second = halves(len(one.wanted), 4)
    for fitted, judged in ((first, second), (second, first)):
        alone = tempered(part(one, judged), best_temperature(part(one, fitted)))
        assert np.allclose(scaled.probabilities[judged], alone.probabilities)
    turned = replace(
        one, wanted=np.where(np.isin(np.arange(400), first)[:, None], one.wanted[:, ::-1], one.wanted)
    )
    assert np.allclose(cross_tempered(turned, seed=4).probabilities[first], scaled.probabilities[first])


def test_halves_share_no_row_and_hold_all():
    first, second = halves(7, 1)
    assert sorted([*first, *second]) == list(range(7)) and abs(len(first) - len(second)) == 1


def test_rows_without_probabilities_are_left_out_and_counted():
    results = classified(n=50)
    answers = list(results.answers["fine_tune"])
    answers[3] = replace(answers[3], error="refused")
    answers[4] = replace(answers[4], probabilities={"class_00": float("nan")})
    found = predicted(results.test, answers, results.task, results.labels)
    assert found is not None and found.left_out == 2 and found.probabilities.shape == (48, 3)
    assert predicted(results.test[:1], answers[:1], results.task, results.labels) is None
