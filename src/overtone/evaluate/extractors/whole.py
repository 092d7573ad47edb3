"""The whole answer."""

from typing import ClassVar

from overtone.evaluate.extractor import Extractor


class Whole(Extractor):
    """The whole answer without the space around it; an empty one cannot be parsed."""

    name: ClassVar[str] = "whole"

    def extract(self, text: str) -> str | None:
        """The text, or nothing where it is blank."""
        return text.strip() or None
