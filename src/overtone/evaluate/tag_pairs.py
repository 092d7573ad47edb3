"""The tags that an answer gives to the words of a row."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example

NO_TAG = "?"  # no tag of a row is called so: the word counts as wrong


def given_tags(example: Example, answer: Answer) -> Sequence[str]:
    """A tag for each word of the row; words that the answer leaves out have none, and so has a failed answer."""
    given = [] if answer.error is not None else (answer.text or "").split()
    words = len(example.labels)
    return [*given, *[NO_TAG] * words][:words]
