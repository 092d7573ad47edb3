"""Fitting on few rows of many classes without scikit-learn's guess that numbers of classes are measurements."""

import warnings
from typing import Any

GUESS = "The number of unique classes is greater than 50%"


def fitted(estimator: Any, features: Any, classes: Any) -> Any:
    """The estimator, fitted; one row a class is a sound, if hard, set of labels."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", GUESS, UserWarning)
        return estimator.fit(features, classes)
