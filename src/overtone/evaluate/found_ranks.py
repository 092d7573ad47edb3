"""At which ranks an answer names the documents that are wanted."""

from collections.abc import Callable, Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example

Judge = Callable[[Sequence[int], int], float]  # ranks from 1 of what was found, and how many are wanted


def by_ranks(judge: Judge, examples: Sequence[Example], answers: Sequence[Answer]) -> list[float]:
    """The value of each row by a function of its ranks; a failed answer names no document."""
    return [
        judge(
            [rank for rank, name in enumerate(answer.documents, start=1) if name in row.documents],
            len(set(row.documents)),
        )
        for row, answer in zip(examples, answers, strict=True)
    ]
