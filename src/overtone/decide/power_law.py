"""A power law through a learning curve: error(n) = a + b n^-c, and what it foretells of more rows.

The form with a floor is that of Cortes et al. (1994, "Learning curves: asymptotic values and rate of
convergence") and of Figueroa et al. (2012, "Predicting sample size required for classification performance"),
who fit it to the errors of a learner on growing parts of its rows. Here the floor and the factor are at least 0
and the exponent lies between 0.05 and 1.5 (Hestness et al. 2017 find 0.07 to 0.35, theory 0.5 to 1).

The uncertainty comes from the test rows, drawn again with all sizes judged on the same draw, and from how far the
points lie from the curve, which stands for the chance of which rows were trained on; it is never less than one test
row, for errors that no row contradicts are not known to be none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Help = Literal["helps", "does not help", "cannot tell"]

EXPONENTS = np.linspace(0.05, 1.5, 59)
FEWEST_POINTS = 4  # one more than the law has parameters
FARTHEST = 8.0  # times the rows to which the law is trusted: as far as the sizes measured lie apart


@dataclass(frozen=True)
class Estimate:
    """A number with the ends of its 95 % interval; an end is None where the law does not give one."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PowerLaw:
    """The law through the measured errors, and through each draw of them: arrays (draws + 1,), the first its own."""

    rows: int  # of the largest size
    judged: int  # test rows behind each error
    floors: Numbers
    factors: Numbers
    exponents: Numbers

    def error(self, rows: float) -> Numbers:
        """The error at a number of rows, of the fit and of each draw."""
        values: Numbers = self.floors + self.factors * (rows / self.rows) ** -self.exponents
        return values

    def at(self, rows: float) -> Estimate:
        """The value (1 - error) at a number of rows."""
        return _estimate(1 - self.error(rows))

    def gain(self, times: float) -> Estimate:
        """By how much the value grows with so many times the rows."""
        return _estimate(self.error(self.rows) - self.error(times * self.rows))

    def helps(self, times: float, worthwhile: float) -> Help:
        """Whether so many times the rows would add at least `worthwhile`, where the law can tell.

        That they would not help is said only of test rows that can rule such a share of errors out: three over
        their number (the rule of three, Hanley and Lippman-Hand 1983).
        """
        gain = self.gain(times)
        assert gain.low is not None and gain.high is not None
        if gain.low >= worthwhile:
            return "helps"
        return "does not help" if max(gain.high, 3 / self.judged) <= worthwhile else "cannot tell"

    def rows_to_reach(self, value: float) -> Estimate:
        """Rows at which the value is reached; None where the law does not reach it within FARTHEST times the rows."""
        with np.errstate(all="ignore"):
            ratio = (1 - value - self.floors) / self.factors
            times = np.where(ratio > 0, ratio ** (-1 / self.exponents), np.inf)
        times[~np.isfinite(times)] = np.inf
        low, high = np.quantile(times, (0.025, 0.975), method="inverted_cdf").tolist()
        return Estimate(*(self.rows * one if one <= FARTHEST else None for one in (times[0], low, high)))


def fit(sizes: Sequence[int], errors: Numbers, drawn: Numbers, judged: int, seed: int) -> PowerLaw | None:
    """The law through errors (sizes,) and through draws of them (draws, sizes) on so many judged test rows.

    None for fewer than four sizes.
    """
    if len(set(sizes)) < FEWEST_POINTS:
        return None
    powers = _powers(sizes)
    centre = _fitted(powers, errors[None])
    away = float(np.sqrt(((centre.curve - errors) ** 2).sum() / (len(sizes) - 3)))
    noise = np.random.default_rng(seed).normal(0.0, max(away, 1 / judged), drawn.shape)
    others = _fitted(powers, np.clip(drawn + noise, 0.0, 1.0))
    joined = [np.concatenate(pair) for pair in zip(centre.parameters, others.parameters)]
    return PowerLaw(max(sizes), judged, *joined)


@dataclass(frozen=True)
class _Fitted:
    parameters: tuple[Numbers, Numbers, Numbers]  # floors, factors, exponents
    curve: Numbers  # (draws, sizes)


def _powers(sizes: Sequence[int]) -> Numbers:
    """(n / largest)^-c for each exponent and size: (exponents, sizes)."""
    ratios = np.asarray(sizes, dtype=np.float64) / max(sizes)
    powers: Numbers = ratios[None, :] ** -EXPONENTS[:, None]
    return powers


def _fitted(powers: Numbers, errors: Numbers) -> _Fitted:
    """Least squares with floor and factor at least 0, the exponent by trying each: errors (draws, sizes)."""
    floors, factors = _floor_and_factor(powers, errors)  # both (exponents, draws)
    curves = floors[:, :, None] + factors[:, :, None] * powers[:, None, :]
    best = ((curves - errors[None]) ** 2).sum(axis=2).argmin(axis=0)
    draws = np.arange(len(errors))
    parameters = (floors[best, draws], factors[best, draws], EXPONENTS[best])
    return _Fitted(parameters, curves[best, draws])


def _floor_and_factor(powers: Numbers, errors: Numbers) -> tuple[Numbers, Numbers]:
    """For each exponent and draw: the straight line of errors over powers, bent to where neither is below 0."""
    mean, means = powers.mean(axis=1)[:, None], errors.mean(axis=1)[None, :]
    centred = powers - mean
    factors = centred @ errors.T / (centred**2).sum(axis=1)[:, None]
    floors = means - factors * mean
    through_zero = powers @ errors.T / (powers**2).sum(axis=1)[:, None]
    factors = np.where(floors < 0, through_zero, factors)
    floors = np.where(floors < 0, 0.0, floors)
    flat = factors < 0
    return np.where(flat, means, floors), np.where(flat, 0.0, factors)


def _estimate(values: Any) -> Estimate:
    low, high = np.quantile(values, (0.025, 0.975)).tolist()
    return Estimate(float(values[0]), low, high)
