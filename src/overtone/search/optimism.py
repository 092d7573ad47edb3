"""Optimism: by how much the score that chose a trial exceeds its score on rows that chose nothing."""

from math import hypot

from overtone.core.score import Score


def optimism(validation: Score, test: Score) -> Score:
    """Validation less test with its 95 % interval, from the intervals of two scores over different rows.

    Zou and Donner 2008, "Construction of confidence limits about effect measures", Statistics in Medicine 27,
    equation 6; for two shares with Wilson's intervals it is Newcombe's (1998) method 10. It takes the two as
    independent; that the best of several was chosen is what the difference shows.
    """
    value = validation.value - test.value
    below = hypot(validation.value - validation.low, test.high - test.value)
    above = hypot(validation.high - validation.value, test.value - test.low)
    return Score(value, value - below, value + above, min(validation.n, test.n), "recovered variances")
