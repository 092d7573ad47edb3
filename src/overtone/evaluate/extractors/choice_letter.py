"""The letter of the chosen option, as in `(B)` or `The answer is B.`"""

import re
from typing import ClassVar

from pydantic import Field

from overtone.evaluate.extractor import Extractor


class ChoiceLetter(Extractor):
    """The letter of the chosen option: the last one behind `answer is`, else the first one that stands alone.

    A letter stands alone where it is the whole text, in brackets, or followed by a dot, bracket or colon.
    """

    name: ClassVar[str] = "choice_letter"

    letters: str = Field("ABCDE", pattern=r"^[A-Z]{2,26}$", description="the letters of the options")

    def extract(self, text: str) -> str | None:
        """The letter, in upper case."""
        one = f"[{self.letters}]"
        said = re.findall(rf"(?i:answer|choice|option)(?i:\s+is)?\s*[:=]?\s*[\"'(\[*]*({one})\b", text)
        alone = re.findall(rf"^\W*({one})\W*$|[(\[]({one})[)\]]|(?<!\w)({one})[.):]", text)
        if said:
            return str(said[-1])
        return next((letter for found in alone for letter in found if letter), None)
