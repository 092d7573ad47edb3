"""What stands behind a marker, as in `#### 42`."""

from typing import ClassVar

from pydantic import Field

from overtone.evaluate.extractor import Extractor
from overtone.evaluate.numbers import numbers


class AfterMarker(Extractor):
    """What stands behind the last marker, to the end of its line, as in `#### 42`."""

    name: ClassVar[str] = "after_marker"

    marker: str = Field("####", min_length=1, description="what the answer is told by")
    number: bool = Field(False, description="take the first number behind the marker, in one spelling")

    def extract(self, text: str) -> str | None:
        """The rest of the marker's line."""
        _, found, rest = text.rpartition(self.marker)
        if not found:
            return None
        line = rest.lstrip(" \t").split("\n", 1)[0].strip()
        return next(iter(numbers(line)), None) if self.number else line or None
