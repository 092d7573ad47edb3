"""Whether rows look like summaries: the wanted answer much shorter than the input and made of its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from overtone.core.example import Example, Message
from overtone.retrieve.words import words

SHORTER = 0.5  # the median wanted answer has at most this share of the input's words
SHARED = 0.5  # and at least this share of its words stands in the input
SENTENCE = 8  # words that a wanted answer has at least: below that it is a span, not a summary
SAMPLE = 1000  # rows looked at


@dataclass(frozen=True)
class Likeness:
    """Medians over rows: words of the wanted answer, its length over that of the input; mean share of its words."""

    length: float
    shorter: float
    shared: float

    @property
    def summaries(self) -> bool:
        """Whether the rows look like summaries."""
        return self.length >= SENTENCE and self.shorter <= SHORTER and self.shared >= SHARED

    def facts(self) -> dict[str, float | str]:
        """What was measured, for the report."""
        return {
            "wanted_words": self.length,
            "wanted_share_of_input": self.shorter,
            "wanted_words_in_input": self.shared,
        }


def likeness(rows: Sequence[Example]) -> Likeness:
    """Measured on the first rows that hold a wanted answer and an input with words."""
    pairs = [(words(source(row.question.messages)), words(row.completion)) for row in rows[:SAMPLE]]
    pairs = [pair for pair in pairs if all(pair)]
    if not pairs:
        return Likeness(0.0, 1.0, 0.0)
    return Likeness(
        float(median(len(wanted) for _, wanted in pairs)),
        float(median(len(wanted) / len(given) for given, wanted in pairs)),
        mean(len(set(wanted) & set(given)) / len(set(wanted)) for given, wanted in pairs),
    )


def source(turns: Sequence[Message]) -> str:
    """What is summed up: the last turn of the user."""
    return next((turn.content for turn in reversed(turns) if turn.role == "user"), "")
