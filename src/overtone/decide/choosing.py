"""How many examples or documents a prompt shows: what answers validation rows best, within a budget of rows."""

import random
from collections.abc import Callable, Sequence
from typing import Protocol

from overtone.core.answer import Answer
from overtone.core.event import Event
from overtone.core.example import Example, Question
from overtone.decide.rival import Materials
from overtone.evaluate.metric import deciding

ROWS = 32  # validation rows that each count answers


class Prompting(Protocol):
    """A system that adds to the questions before it asks them."""

    def prompts(self, questions: Sequence[Question]) -> list[Question]:
        """The questions as they are asked."""
        ...

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question, in order."""
        ...


def choose_count(
    counts: Sequence[int], make: Callable[[int], Prompting], materials: Materials, key: str
) -> int:
    """The count whose system does best on a seeded sample of validation rows by the task's own metric.

    Ties go to fewer. Counts rise; where one more asks the very same (the context holds no more), the rest cannot
    differ and are not tried. Without a validation row that the metric judges, the first count.
    """
    metric = deciding(materials.task)
    rows = sample([row for row in materials.validation if metric.judges(row)], materials.seed)
    scores: dict[int, float] = {}
    before: list[Question] | None = None
    for tried, count in enumerate(counts if rows else (), start=1):
        system = make(count)
        questions = [row.question for row in rows]
        asked = system.prompts(questions)
        if asked == before:
            break
        scores[count] = metric.value(rows, system.answer(questions), materials.task)
        numbers = {"count": float(count), metric.key: scores[count]}
        materials.watch(Event(f"prepare {key}", tried, len(counts), numbers))
        before = asked
    return max(scores, key=lambda count: (scores[count], -count), default=counts[0])


def sample(rows: Sequence[Example], seed: int) -> list[Example]:
    """At most `ROWS` of the rows, the same for the same seed whatever order they come in."""
    ordered = sorted(rows, key=lambda row: row.id)
    return random.Random(seed).sample(ordered, min(ROWS, len(ordered)))
