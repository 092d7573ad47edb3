"""Which answers to trust and which rows to hand to a person, by the confidence of the system."""

from dataclasses import dataclass

import numpy as np

from overtone.evaluate.diagnosis.halves import cross_fit
from overtone.evaluate.statistics.resample import Numbers

EVERY_ROW = float("inf")  # the threshold below which all rows lie


@dataclass(frozen=True, slots=True)
class Prices:
    """What a wrong answer costs, and what a row costs that a person answers instead."""

    wrong: float
    review: float


def coverage_and_accuracy(confidence: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """The share of rows answered, the surest first, and the share of those that is right."""
    order = np.argsort(-confidence, kind="stable")
    ordered = confidence[order]
    last = np.append(np.nonzero(np.diff(ordered))[0], len(ordered) - 1)
    answered = last + 1
    return answered / len(order), np.cumsum(right[order])[last] / answered


def cheapest_threshold(confidence: Numbers, right: Numbers, prices: Prices) -> float:
    """The confidence below which a row goes to a person so that these rows cost least; ties hand over less.

    0 hands over nothing, `EVERY_ROW` everything.
    """
    order = np.argsort(confidence, kind="stable")
    ordered = confidence[order]
    wrong_below = np.append(0.0, np.cumsum(1 - right[order]))
    saved = wrong_below * prices.wrong - np.arange(len(order) + 1) * prices.review
    apart = np.concatenate([[True], np.diff(ordered) > 0, [True]])  # equals are handed over together
    best = int(np.argmax(np.where(apart, saved, -np.inf)))
    if best == 0:
        return 0.0
    return EVERY_ROW if best == len(order) else float(ordered[best])


def costs(confidence: Numbers, right: Numbers, threshold: float, prices: Prices) -> Numbers:
    """What each row costs where those below the threshold go to a person."""
    found: Numbers = np.where(confidence < threshold, prices.review, (1 - right) * prices.wrong)
    return found


def cross_costs(confidence: Numbers, right: Numbers, prices: Prices, seed: int) -> tuple[Numbers, Numbers]:
    """Costs of each row, and 1 where it is handed over, by the threshold that is cheapest on the other half."""
    found, handed = np.empty(len(right)), np.empty(len(right))
    for threshold, others in cross_fit(
        len(right), seed, lambda half: cheapest_threshold(confidence[half], right[half], prices)
    ):
        found[others] = costs(confidence[others], right[others], threshold, prices)
        handed[others] = confidence[others] < threshold
    return found, handed
