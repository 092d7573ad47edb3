"""Usual rates of decoders: the wider a base, the smaller.

At the width of `builtin:tiny` the rate is what was measured on it (docs/why/methods.md), at the width of seven billion
weights what is customary there; in between, and beyond, they lie on a straight line in logarithms.
"""

import math

MEASURED, CUSTOMARY = 256, 4096  # widths of hidden states


def by_width(narrow: float, wide: float, width: int) -> float:
    """The rate for a width, to two digits: `narrow` at the measured width and below it, `wide` at the customary one."""
    share = max(0.0, math.log(width / MEASURED) / math.log(CUSTOMARY / MEASURED))
    return float(f"{narrow * (wide / narrow) ** share:.1e}")
