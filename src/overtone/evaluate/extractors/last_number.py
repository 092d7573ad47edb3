"""The last number of an answer."""

from typing import ClassVar

from overtone.evaluate.extractor import Extractor
from overtone.evaluate.numbers import numbers


class LastNumber(Extractor):
    """The last number of the answer, in one spelling: `1,200.50` is `1200.5`."""

    name: ClassVar[str] = "last_number"

    def extract(self, text: str) -> str | None:
        """The number that stands last."""
        return next(reversed(numbers(text)), None)
