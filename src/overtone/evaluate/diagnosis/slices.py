"""Parts of the test rows that a system may do worse on: classes, short and long texts, traits of the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from overtone.core.example import Example
from overtone.core.score import Score
from overtone.evaluate.diagnosis.interval import mean_interval, share_of
from overtone.evaluate.statistics.groups import Places
from overtone.evaluate.statistics.resample import Numbers

MOST_VALUES = 50  # a trait with more values than this tells rows apart, not groups
LEAST_TESTED = 10  # rows below which a slice is shown but not tested

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the rows: `kind` says by what they were chosen (Class, Length, a trait), `name` which they are."""

    kind: str
    name: str
    rows: Mask


def slices(examples: Sequence[Example]) -> list[Slice]:
    """Every slice of these rows; those that hold no row or all of them are left out."""
    found = [*by_length(examples), *by_trait(examples), *by_class(examples)]
    return [one for one in found if 0 < one.rows.sum() < len(examples)]


def by_class(examples: Sequence[Example]) -> Iterator[Slice]:
    """The rows that want each label."""
    for label in sorted({label for row in examples for label in row.labels}):
        yield Slice("Class", label, np.array([label in row.labels for row in examples]))


def by_length(examples: Sequence[Example]) -> Iterator[Slice]:
    """Thirds of the rows by the words of what is asked; by characters in scripts without spaces."""
    words, unit = np.array([len(row.input.split()) for row in examples]), "words"
    if np.median(words) <= 1:
        words, unit = np.array([len(row.input) for row in examples]), "characters"
    ends = np.unique(np.quantile(words, [0, 1 / 3, 2 / 3, 1], method="lower"))
    for place, (low, high) in enumerate(pairwise(ends)):
        inside = (words <= high) & ((words > low) | (place == 0))
        if inside.any():
            yield Slice("Length", _span(words[inside], unit), inside)


def by_trait(examples: Sequence[Example]) -> Iterator[Slice]:
    """The rows of each value of each trait that the data carry, such as language or source."""
    traits = [dict(row.traits) for row in examples]
    for name in sorted({name for row in traits for name in row}):
        values = sorted({row[name] for row in traits if name in row})
        if len(values) <= MOST_VALUES:
            for value in values:
                yield Slice(name.capitalize(), value, np.array([row.get(name) == value for row in traits]))


def mean_score(values: Numbers, place: Places | None, seed: int) -> Score:
    """The mean of row values with its 95 % interval: Wilson where each is 0 or 1, else BCa."""
    shares = bool(np.isin(values, (0.0, 1.0)).all())
    low, high = share_of(values, place) if shares else mean_interval(values, place, seed)
    return Score(float(values.mean()), low, high, len(values), "wilson" if shares else "bca")


def apart(values: Numbers, inside: Mask, place: Places | None = None) -> float | None:
    """p of the rows inside differing from all others: Fisher's exact test of shares, else Welch's test.

    Where rows share sources, Student's test with an error that sources and not rows make. None where either side
    has too few rows, or where no row varies.
    """
    from scipy.stats import fisher_exact, ttest_ind

    first, second = values[inside], values[~inside]
    if min(len(first), len(second)) < LEAST_TESTED:
        return None
    if place is not None:
        return _apart_by_source(values, inside, place)
    if np.isin(values, (0.0, 1.0)).all():
        table = [[side.sum(), len(side) - side.sum()] for side in (first, second)]
        return float(fisher_exact(np.array(table, dtype=np.int64)).pvalue)
    varies = np.ptp(first) > 0 or np.ptp(second) > 0
    return float(ttest_ind(first, second, equal_var=False).pvalue) if varies else None


def _apart_by_source(values: Numbers, inside: Mask, place: Places) -> float | None:
    """p of the difference of two means, its error summed over sources (Liang and Zeger 1986, the sandwich)."""
    from scipy.special import stdtr

    first, second = values[inside], values[~inside]
    pull = np.where(inside, (values - first.mean()) / len(first), (second.mean() - values) / len(second))
    sources = len(np.unique(place))
    if sources < LEAST_TESTED:
        return None
    error = float(np.sqrt((np.bincount(place, pull) ** 2).sum() * sources / (sources - 1)))
    return float(2 * stdtr(sources - 1, -abs(first.mean() - second.mean()) / error)) if error > 0 else None


def _span(words: NDArray[np.int64], unit: str) -> str:
    low, high = int(words.min()), int(words.max())
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"
