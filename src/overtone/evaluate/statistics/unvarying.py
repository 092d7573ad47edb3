"""How sure a number is when every row, or every resample, gives the same one."""

from overtone.evaluate.statistics.normal import CONFIDENCE


def unvarying(
    value: float, n: int, lowest: float, highest: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Interval of a mean whose `n` rows all have one value, in a known range.

    Resampling would give width 0, as if nothing else could happen. With no exception seen in `n` rows, at
    most a share 1 - (doubt / 2)^(1 / n) of all rows are exceptions (Clopper and Pearson 1934), each at worst
    as far off as the range allows.
    """
    exceptions = 1 - ((1 - confidence) / 2) ** (1 / n)
    return value - exceptions * (value - lowest), value + exceptions * (highest - value)
