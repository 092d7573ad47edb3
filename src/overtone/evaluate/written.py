"""The text that an answer wrote, and its words, for metrics that compare texts."""

import re

from overtone.core.answer import Answer

_WORD = re.compile(r"\w+")


def written(answer: Answer) -> str:
    """The text of the answer; nothing where it failed."""
    return "" if answer.error is not None else answer.text or ""


def words(text: str) -> list[str]:
    """The words of a text in any script, without case and punctuation."""
    return _WORD.findall(text.casefold())
