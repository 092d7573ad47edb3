"""How well scores rank: ROC and precision-recall curves and the areas under them."""

from math import exp, log

import numpy as np
from numpy.typing import NDArray

from overtone.evaluate.statistics.groups import Places
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.student import student
from overtone.evaluate.statistics.unvarying import unvarying

Points = tuple[tuple[float, float], ...]
_ROUNDING = 1e-12
GRID = np.linspace(0, 1, 101)  # where curves of several classes are averaged


def placements(scores: Numbers, positive: NDArray[np.bool_]) -> Numbers:
    """For a positive the share of negatives ranked below it, for a negative that of positives above; ties half.

    The mean over the positives, and over the negatives, is the area under the ROC curve (DeLong et al. 1988).
    """
    over, under = np.sort(scores[positive]), np.sort(scores[~positive])
    placed = np.empty(len(scores))
    placed[positive] = _share_below(under, scores[positive])
    placed[~positive] = 1 - _share_below(over, scores[~positive])
    return placed


def _share_below(ordered: Numbers, scores: Numbers) -> Numbers:
    sides = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return sides / (2 * len(ordered))


def row_areas(scores: Numbers, positive: NDArray[np.bool_]) -> Numbers:
    """A value for each score whose mean is the area under the ROC curve, and whose spread is its uncertainty.

    The area plus each row's influence on it: its placement less the area, weighted by how rare its side is.
    """
    placed = placements(scores, positive)
    area = placed[positive].mean()
    weight = np.where(positive, len(scores) / positive.sum(), len(scores) / (~positive).sum())
    values: Numbers = area + (placed - area) * weight
    return values


def area_interval(values: Numbers, evidence: int, place: Places | None = None) -> tuple[float, float]:
    """95 % interval of an area from its `row_areas`, whose groups count and not rows where `place` names them.

    On the logit of the area (Pepe 2003, section 5.2.5), with Student's t for the `evidence`: the rows of the rarer
    side. A resampled interval covers only 85 to 90 % where that side has few rows.
    """
    area, away = float(values.mean()), values - values.mean()
    pulls = away if place is None else np.bincount(place, away)
    count = min(evidence, len(pulls))
    error = float(np.sqrt((pulls**2).sum() * len(pulls) / max(1, len(pulls) - 1))) / len(values)
    if error < _ROUNDING or not _ROUNDING < area < 1 - _ROUNDING:
        return unvarying(area, count, 0.0, 1.0)
    half = student(max(1, count - 1)) * error / (area * (1 - area))
    centre = log(area / (1 - area))
    return 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre))


def average_precision(scores: Numbers, positive: NDArray[np.bool_]) -> float:
    """Precision averaged over the recall gained at each threshold (Zhu 2004; not interpolated)."""
    recall, precision = recall_and_precision(scores, positive)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def rates(scores: Numbers, positive: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """False and true positive rate at each threshold, from (0, 0) to (1, 1)."""
    true, false = _counts(scores, positive)
    zero = np.zeros(1)
    return np.append(zero, false / false[-1]), np.append(zero, true / true[-1])


def recall_and_precision(scores: Numbers, positive: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Recall and precision at each threshold, the surest first."""
    true, false = _counts(scores, positive)
    return true / true[-1], true / (true + false)


def _counts(scores: Numbers, positive: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Positives and negatives at or above each distinct score, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.nonzero(np.diff(scores[order]))[0], len(scores) - 1)
    true = np.cumsum(positive[order])[last].astype(np.float64)
    return true, last + 1 - true


def roc_on_grid(scores: Numbers, positive: NDArray[np.bool_]) -> Numbers:
    """The true positive rate at each false positive rate of the grid."""
    false, true = rates(scores, positive)
    last = np.append(np.nonzero(np.diff(false))[0], len(false) - 1)  # the top of each vertical stretch
    height: Numbers = np.interp(GRID, false[last], true[last])
    return height


def precision_on_grid(scores: Numbers, positive: NDArray[np.bool_]) -> Numbers:
    """The best precision at each recall of the grid or beyond (Manning et al. 2008, section 8.4)."""
    recall, precision = recall_and_precision(scores, positive)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    height: Numbers = best[np.searchsorted(recall, GRID - 1e-12)]
    return height


def thinned(across: Numbers, up: Numbers, most: int = 80) -> Points:
    """A curve with at most so many points, its ends among them, and no point that lies between two equals."""
    bends = np.ones(len(across), dtype=bool)
    bends[1:-1] = (np.diff(across, 2) != 0) | (np.diff(up, 2) != 0)
    places = np.nonzero(bends)[0]
    kept = places[np.unique(np.linspace(0, len(places) - 1, min(most, len(places))).round().astype(int))]
    return tuple((round(float(across[one]), 4), round(float(up[one]), 4)) for one in kept)
