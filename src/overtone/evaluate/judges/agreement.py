"""How far a judge agrees with people: Cohen's kappa and Spearman's correlation, with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overtone.core.errors import UserError, nearest
from overtone.core.score import Score
from overtone.data.sources.read import read_table
from overtone.evaluate.judges.case import Case
from overtone.evaluate.judges.rating import HIGHEST, LOWEST
from overtone.evaluate.statistics.bootstrap import of_set

Ratings = NDArray[np.int64]
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on the rows that both rated; `kappa` weighs a disagreement by the square of its size.

    `exact` is Cohen's kappa without weights. Each is 1 for full agreement and 0 for what chance gives.
    """

    kappa: Score
    exact: Score
    spearman: Score
    unreadable: int  # rows that people rated and the judge's reply gave no rating for


@dataclass(frozen=True, slots=True)
class Rated:
    """A case that people have rated."""

    case: Case
    people: int
    judge: int | None = None  # where the file holds the judge's rating too


def agreement(people: Sequence[int], judge: Sequence[int | None], seed: int) -> Agreement:
    """How far a judge's ratings (1 to 5) agree with people's on the same rows.

    UserError where fewer than two rows have both. The intervals are bias-corrected bootstraps over rows.
    """
    both = [(one, other) for one, other in zip(people, judge, strict=True) if other is not None]
    if len(both) < 2:
        raise UserError("agreement needs at least two rows that people and the judge have both rated.")
    first, second = np.array(both, dtype=np.int64).T
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(both), (RESAMPLES, len(both)))
    kappa, exact, ranks = (
        _score(measure, first, second, drawn) for measure in (quadratic_kappa, plain_kappa, spearman)
    )
    return Agreement(kappa, exact, ranks, len(people) - len(both))


def agreement_on(file: Path, rate: Callable[[Sequence[Case]], list[int | None]], seed: int) -> Agreement:
    """How far a judge agrees with the people who rated the rows of a file; it rates those it has not rated yet."""
    rows = read_rated(file)
    asked = [row.case for row in rows if row.judge is None]
    new = iter(rate(asked) if asked else [])
    judged = [next(new) if row.judge is None else row.judge for row in rows]
    return agreement([row.people for row in rows], judged, seed)


def read_rated(file: Path) -> list[Rated]:
    """Rows of a file with `question`, `answer` and `human` (1 to 5), and if known `wanted` and `judge`.

    UserError where a column or a rating is missing.
    """
    table = read_table(file)
    for column in ("question", "answer", "human"):
        if column not in table.columns:
            hint = nearest(column, table.columns)
            raise UserError(f"{file} has no column '{column}'.{hint} Columns: {', '.join(table.columns)}.")
    return [_rated(row.place, row.values) for row in table.rows]


def quadratic_kappa(first: Ratings, second: Ratings) -> float:
    """Cohen's kappa that weighs a disagreement by the square of its size (Cohen 1968)."""
    return _kappa(first, second, lambda steps: steps**2)


def plain_kappa(first: Ratings, second: Ratings) -> float:
    """Cohen's kappa (Cohen 1960): agreement beyond chance."""
    return _kappa(first, second, lambda steps: steps != 0)


def spearman(first: Ratings, second: Ratings) -> float:
    """Spearman's correlation of ranks, ties sharing their mean rank; 0 where one side always says the same."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    one, other = (_ranks(values) - (len(values) + 1) / 2 for values in (first, second))
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


def _kappa(first: Ratings, second: Ratings, weigh: Callable[[Any], Any]) -> float:
    """1 - disagreement seen over disagreement by chance; 1 where both always say the same one thing."""
    size = HIGHEST - LOWEST + 1
    seen = np.zeros((size, size))
    np.add.at(seen, (first - LOWEST, second - LOWEST), 1)
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / len(first)
    weights = weigh(np.abs(np.subtract.outer(np.arange(size), np.arange(size)))).astype(float)
    expected = (weights * by_chance).sum()
    return float(1 - (weights * seen).sum() / expected) if expected else 1.0


def _ranks(values: Ratings) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def _score(
    measure: Callable[[Ratings, Ratings], float], first: Ratings, second: Ratings, drawn: NDArray[np.int64]
) -> Score:
    value = measure(first, second)
    resampled = np.array([measure(first[rows], second[rows]) for rows in drawn])
    low, high = of_set(resampled, value, len(first), lowest=-1.0)
    return Score(value, low, high, len(first), "bootstrap")


def _rated(place: str, values: Any) -> Rated:
    case = Case(str(values["question"]), str(values["answer"]), str(values.get("wanted") or ""))
    given = values.get("judge")
    return Rated(
        case,
        _rating(place, "human", values["human"]),
        None if given is None else _rating(place, "judge", given),
    )


def _rating(place: str, column: str, value: object) -> int:
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if number not in range(LOWEST, HIGHEST + 1):
        raise UserError(f"{place}: '{column}' is {value!r}; give a whole number from {LOWEST} to {HIGHEST}.")
    return int(number)
