import math

import pytest

from overtone.evaluate.diagnosis.fit import fit_of

FALLING = [(step, 2.0 / step) for step in range(1, 101)]


@pytest.mark.parametrize(
    ("losses", "shape"),
    [
        ((0.9, 0.5, 0.4, 0.47), "overfitting"),
        ((0.4, 0.5, 0.6), "overfitting"),
        ((0.9, 0.5, 0.4), "underfitting"),
        ((0.9, 0.5, 0.49), "level"),
        ((0.9, 0.5, 0.51), "level"),
    ],
)
def test_the_validation_losses_give_the_name(losses, shape):
    shown = fit_of(FALLING, [(100.0 * (place + 1), loss) for place, loss in enumerate(losses)])
    assert shown is not None and shown.shape == shape
    assert shown.best[1] == min(losses) and shown.last[1] == losses[-1]
    assert shown.rise == pytest.approx(losses[-1] / min(losses) - 1)


def test_two_validations_show_nothing():
    assert fit_of(FALLING, [(1, 0.9), (2, 0.4)]) is None


def test_a_training_loss_that_ends_above_its_beginning_or_is_no_number_has_diverged():
    validation = [(1.0, 0.9), (2.0, 0.8), (3.0, 0.7)]
    rising = [(step, float(step)) for step in range(1, 101)]
    assert fit_of(rising, validation).shape == "diverged"
    assert fit_of([*FALLING, (101, math.nan)], validation).shape == "diverged"
    assert fit_of(FALLING, [*validation, (4.0, math.inf)]).shape == "diverged"


def test_training_losses_are_means_over_a_tenth_of_the_steps():
    shown = fit_of([(step, 10.0 - step / 10) for step in range(100)], [(1, 1.0), (2, 1.0), (3, 1.0)])
    assert (shown.train_first, shown.train) == (pytest.approx(9.55), pytest.approx(0.55))
