"""The numbers in a text, each in one spelling."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])[-+−]?\.\d+")


def numbers(text: str) -> list[str]:
    """The numbers of a text: no separators of thousands, no zeros that say nothing: `1,200.50` is `1200.5`."""
    found = (match.replace(",", "").replace("−", "-") for match in _NUMBER.findall(text))
    return [_plain(Decimal(number)) for number in found]


def _plain(number: Decimal) -> str:
    written = f"{number:f}"
    short = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if short in ("-0", "-", "") else short
