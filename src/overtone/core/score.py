"""A score: a number that never travels without its interval and the rows it rests on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """The value of a metric with its 95 % interval over `n` rows; `method` names the interval's source."""

    value: float
    low: float
    high: float
    n: int
    method: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One system against the best on the same rows: difference (system - best), interval, corrected p."""

    difference: float
    low: float
    high: float
    p: float
    p_corrected: float
    test: str
