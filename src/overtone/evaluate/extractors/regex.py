"""What a regular expression finds in an answer."""

import re
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from overtone.evaluate.extractor import Extractor


class Regex(Extractor):
    """What a regular expression finds: its first group, or all of it where it has none."""

    name: ClassVar[str] = "regex"

    pattern: str = Field(description="regular expression, as Python reads it")
    take: Literal["last", "first"] = Field("last", description="which of several finds")

    @field_validator("pattern")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"'{pattern}' is no regular expression: {error}.") from None
        return pattern

    def extract(self, text: str) -> str | None:
        """The find, without the space around it."""
        finds = list(re.finditer(self.pattern, text))
        if not finds:
            return None
        find = finds[0 if self.take == "first" else -1]
        return ((find[1] if find.re.groups else find[0]) or "").strip() or None
