"""Calibration: scale scores on validation rows so that a probability of 0.8 is right in 8 cases of 10.

One slope for softmax scores (temperature scaling, Guo et al. 2017, "On Calibration of Modern Neural
Networks"), a slope and a shift shared by all labels for sigmoid scores (Platt 1999).
"""

from typing import Any

STEEPEST = 6.0  # largest |log slope|: keeps a perfectly separated validation set finite


def calibrate(scores: Any, wanted: Any, multi_label: bool) -> tuple[float, float]:
    """Slope and shift that minimise the log loss of scores (rows, labels) against wanted 0 and 1."""
    import numpy as np
    from scipy.optimize import minimize

    size = 2 if multi_label else 1

    def loss(parameters: Any) -> float:
        shift = parameters[1] if multi_label else 0.0
        return log_loss(np.exp(parameters[0]) * scores + shift, wanted, multi_label)

    bounds = [(-STEEPEST, STEEPEST), (-20.0, 20.0)][:size]
    found = minimize(loss, np.zeros(size), method="L-BFGS-B", bounds=bounds).x
    return float(np.exp(found[0])), float(found[1]) if multi_label else 0.0


def log_loss(scores: Any, wanted: Any, multi_label: bool) -> float:
    """Mean negative log-probability of what is wanted, in nats per row (per label where multi-label)."""
    import numpy as np
    from scipy.special import log_softmax

    if multi_label:
        return float(np.mean(np.logaddexp(0.0, scores) - wanted * scores))
    return float(-(log_softmax(scores, axis=1) * wanted).sum(1).mean())
