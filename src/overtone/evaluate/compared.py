"""The texts that a metric of written answers compares: what is wanted, and what was given."""

from collections.abc import Callable, Sequence

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.extractor import extractor_of
from overtone.evaluate.written import written


def compared_all(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task
) -> list[tuple[tuple[str, ...], str | None]]:
    """All wanted texts of each row, the wanted answer first, and the given one, as the task's extractor finds them.

    A wanted answer that holds nothing to extract is taken whole. What was given is None where the answer failed
    or cannot be parsed: such a row is wrong.
    """
    extractor = extractor_of(task)
    pairs = zip(examples, answers, strict=True)
    if extractor is None:
        return [(row.wanted, None if given.error is not None else written(given)) for row, given in pairs]
    find = extractor.extract
    return [
        (
            tuple(find(wanted) or wanted.strip() for wanted in row.wanted),
            None if given.error is not None else find(written(given)),
        )
        for row, given in pairs
    ]


def compared(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task
) -> list[tuple[str, str | None]]:
    """The same with the wanted answer alone."""
    return [(wanted[0], given) for wanted, given in compared_all(examples, answers, task)]


def by_pair(
    judge: Callable[[str, str], float], examples: Sequence[Example], answers: Sequence[Answer], task: Task
) -> list[float]:
    """The value of each row by a function of a wanted and the given text; 0 where nothing was given.

    Where a row has references too, the best of its values counts.
    """
    return [
        0.0 if given is None else max(float(judge(one, given)) for one in wanted)
        for wanted, given in compared_all(examples, answers, task)
    ]
