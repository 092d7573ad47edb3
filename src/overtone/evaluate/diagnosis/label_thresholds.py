"""The probability from which a label counts, chosen for each label by its F1 (several labels a row)."""

import numpy as np

from overtone.evaluate.diagnosis.halves import Places, cross_fit
from overtone.evaluate.statistics.resample import Numbers

FEWEST = 5  # wanted rows below which a label keeps the usual threshold


def best_threshold(scores: Numbers, wanted: Numbers, usual: float) -> float:
    """The threshold with the best F1 on these rows, midway to the next lower score (Lipton et al. 2014)."""
    if wanted.sum() < FEWEST:
        return usual
    order = np.argsort(-scores, kind="stable")
    ordered, true = scores[order], np.cumsum(wanted[order])
    f1 = 2 * true / (np.arange(1, len(order) + 1) + wanted.sum())
    apart = np.append(np.diff(ordered) < 0, True)
    best = int(np.argmax(np.where(apart, f1, -1)))
    below = float(ordered[best + 1]) if best + 1 < len(ordered) else 0.0
    return (float(ordered[best]) + below) / 2


def best_thresholds(scores: Numbers, wanted: Numbers, usual: float) -> Numbers:
    """One threshold a label: (rows, labels) to (labels,)."""
    columns = range(scores.shape[1])
    return np.array([best_threshold(scores[:, one], wanted[:, one], usual) for one in columns])


def cross_chosen(scores: Numbers, wanted: Numbers, usual: float, seed: int) -> Numbers:
    """1 where a label is chosen by the threshold that the other half of the rows gave it: (rows, labels)."""

    def fit(half: Places) -> Numbers:
        return best_thresholds(scores[half], wanted[half], usual)

    chosen = np.empty_like(scores)
    for thresholds, others in cross_fit(len(scores), seed, fit):
        chosen[others] = scores[others] >= thresholds
    return chosen


def f1_of_labels(chosen: Numbers, wanted: Numbers) -> Numbers:
    """F1 of each label; 0 where it is undefined."""
    both = (chosen * wanted).sum(axis=0)
    f1: Numbers = 2 * both / np.maximum(1, chosen.sum(axis=0) + wanted.sum(axis=0))
    return f1
