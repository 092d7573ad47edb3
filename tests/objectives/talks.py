"""A few rows that any objective can learn from, and the task that they are of."""

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.objectives.objective import Objective
from tests.objectives import tasks

LABELS = ("a", "b", "c")
TALKS = [
    Example(
        id=str(index),
        text=f"text {index} " * (index + 1),
        labels=(LABELS[index % 3],),
        messages=talk,
        rejected="no " * (3 - index),
    )
    for index, talk in enumerate(
        [
            (Message("user", "hi"), Message("assistant", "ho")),
            (
                Message("user", "one"),
                Message("assistant", "1"),
                Message("user", "two"),
                Message("assistant", "22"),
            ),
            (Message("system", "be kind"), Message("user", "thanks"), Message("assistant", "welcome")),
        ]
    )
]


def examples_of(objective: str) -> list[Example]:
    """Three rows: those of its own kind, or talks with labels, texts and rejected answers."""
    return tasks.EXAMPLES.get(objective, TALKS)


def task_of(objective: type[Objective]) -> Task:
    """The first task that it trains for of those whose rows are what they ask."""
    return next(
        Task.model_validate(name)
        for name, kind in Task.all().items()
        if kind.asks in objective.tasks and not kind.rows
    )
