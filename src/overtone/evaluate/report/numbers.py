"""How numbers are written: few digits, the same everywhere."""

from math import isfinite

from overtone.core.score import Comparison, Score

NONE = "–"


def percent(value: float | None, signed: bool = False) -> str:
    """A share in points of a hundred with one decimal: 0.9293 is 92.9."""
    if value is None:
        return NONE
    text = f"{100 * value:{'+' if signed else ''}.1f}"
    return text[1:] if float(text) == 0 and text[0] in "+-" else text.replace("-", "−")


def interval(score: Score | Comparison | None, signed: bool = False) -> str:
    """The bounds in brackets: [91.9, 93.7]."""
    return f"[{percent(score.low, signed)}, {percent(score.high, signed)}]" if score else ""


def scored(score: Score | None) -> str:
    """A score with its interval: 92.9 [91.9, 93.7]."""
    return f"{percent(score.value)} {interval(score)}" if score else NONE


def differed(comparison: Comparison | None) -> str:
    """A difference with its interval: −2.1 [−3.0, −1.2]."""
    return f"{percent(comparison.difference, True)} {interval(comparison, True)}" if comparison else NONE


def chance(p: float | None) -> str:
    """A p value: three decimals, or that it is smaller."""
    if p is None:
        return NONE
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def seconds(value: float | None) -> str:
    """A time in the units that read best: 1.2 ms, 3.4 s, 5 min 6 s, 2 h 10 min."""
    if value is None:
        return NONE
    if value < 0.9995:
        return f"{1000 * value:.3g} ms"
    if value < 99.95:
        return f"{value:.3g} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def count(value: float | None) -> str:
    """A count with thin groups of thousands; one decimal below 100 where it is no whole number."""
    if value is None:
        return NONE
    whole = value == int(value) or abs(value) >= 100
    return (f"{value:,.0f}" if whole else f"{value:.1f}").replace(",", "\u202f")


def money(value: float | None) -> str:
    """An amount in the plan's own currency: whole from a thousand on, with cents from one on, else two digits."""
    if value is None:
        return NONE
    if abs(value) >= 1000:
        return count(round(value)).replace("-", "−")
    return (f"{value:.2f}" if abs(value) >= 1 or not value else f"{value:.2g}").replace("-", "−")


def small(value: float | None) -> str:
    """A difference that should be 0: exactly 0, or two digits and the power of ten."""
    if value is None or not isfinite(value):
        return "not a number"
    return f"{value:.1e}" if value else "0"
