"""Whether a system that is 90 % sure is right 90 times in 100, and what dividing its logits would change."""

from dataclasses import dataclass, replace

import numpy as np

from overtone.evaluate.diagnosis.halves import Places, cross_fit
from overtone.evaluate.diagnosis.interval import share_of
from overtone.evaluate.diagnosis.predicted import Predicted
from overtone.evaluate.statistics.resample import Numbers

BINS, LEAST_IN_BIN = 10, 20
SHARPEST, SOFTEST = 0.05, 20.0  # the temperatures that are tried
_TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of like confidence: their mean confidence, and the share of them that came true."""

    confidence: float
    share: float
    low: float  # ends of the 95 % interval of the share
    high: float
    n: int


def reliability(confidence: Numbers, right: Numbers, place: Places | None = None) -> list[Bin]:
    """Bins of equally many decisions from the least sure to the surest (Nguyen and O'Connor 2015)."""
    order = np.argsort(confidence, kind="stable")
    count = int(np.clip(len(order) // LEAST_IN_BIN, 1, BINS))
    return [
        Bin(
            float(confidence[inside].mean()),
            float(right[inside].mean()),
            *share_of(right[inside], None if place is None else place[inside]),
            len(inside),
        )
        for inside in np.array_split(order, count)
    ]


def calibration_error(confidence: Numbers, right: Numbers) -> float:
    """Expected calibration error: the mean distance of confidence from share in bins of equal mass."""
    bins = reliability(confidence, right)
    return sum(abs(one.confidence - one.share) * one.n for one in bins) / len(confidence)


def brier_rows(rows: Predicted) -> Numbers:
    """The squared distance of each row's probabilities from what was wanted (Brier 1950), 0 to 2.

    With several labels a row, the mean over its labels, 0 to 1.
    """
    squares = (rows.probabilities - rows.wanted) ** 2
    found: Numbers = squares.mean(axis=1) if rows.several else squares.sum(axis=1)
    return found


def log_loss_rows(rows: Predicted) -> Numbers:
    """Minus the logarithm of the probability of what was wanted, in nats; the mean over several labels."""
    given = np.clip(rows.probabilities, _TINY, 1 - _TINY)
    if rows.several:
        losses: Numbers = -np.where(rows.wanted > 0, np.log(given), np.log1p(-given)).mean(axis=1)
    else:
        losses = -np.log(np.maximum((rows.probabilities * rows.wanted).sum(axis=1), _TINY))
    return losses


def tempered(rows: Predicted, temperature: float) -> Predicted:
    """The same rows with every logit divided by the temperature; no choice of a single class changes."""
    given = np.clip(rows.probabilities, _TINY, 1 - _TINY)
    logits = (np.log(given) - np.log1p(-given) if rows.several else np.log(given)) / temperature
    if rows.several:
        return replace(rows, probabilities=1 / (1 + np.exp(-logits)))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return replace(rows, probabilities=powers / powers.sum(axis=1, keepdims=True))


def best_temperature(rows: Predicted) -> float:
    """The temperature with the least log loss on these rows (Guo et al. 2017, section 4.2)."""
    from scipy.optimize import minimize_scalar

    def loss(power: float) -> float:
        return float(log_loss_rows(tempered(rows, float(np.exp(power)))).mean())

    ends = float(np.log(SHARPEST)), float(np.log(SOFTEST))
    return float(np.exp(minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-3}).x))


def cross_tempered(rows: Predicted, seed: int) -> Predicted:
    """Each half of the rows at the temperature that is best for the other half."""
    probabilities = np.empty_like(rows.probabilities)
    for temperature, others in cross_fit(
        len(probabilities), seed, lambda half: best_temperature(part(rows, half))
    ):
        probabilities[others] = tempered(part(rows, others), temperature).probabilities
    return replace(rows, probabilities=probabilities)


def part(rows: Predicted, places: Places) -> Predicted:
    """Some of the rows."""
    source = None if rows.place is None else rows.place[places]
    return replace(rows, probabilities=rows.probabilities[places], wanted=rows.wanted[places], place=source)
