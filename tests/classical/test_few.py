"""Few rows of many classes are fitted without a warning, which tests hold to be an error."""

import numpy as np
import pytest

from overtone.classical.fit import fit_linear, linear_svm, logistic_regression

CLASSES = 26


@pytest.mark.parametrize("solver", [logistic_regression, linear_svm])
def test_one_row_a_class_is_a_sound_set_of_labels(solver):
    features = np.eye(CLASSES, dtype=np.float32)
    model = fit_linear(
        solver, 1.0, features, np.eye(CLASSES, dtype=np.float32), [str(n) for n in range(CLASSES)]
    )
    assert (model.scores(features).argmax(1) == np.arange(CLASSES)).all()
