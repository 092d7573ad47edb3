"""Small examples and answers for the tests of this folder."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask

SINGLE = ClassifyTask()
MULTI = ClassifyTask(multi_label=True, threshold=0.4)
WRITE = AnswerTask()


def labelled(*labels: str | tuple[str, ...]) -> list[Example]:
    sets = [(label,) if isinstance(label, str) else label for label in labels]
    return [Example(id=str(index), text=f"text {index}", labels=found) for index, found in enumerate(sets)]


def answered(*labels: str | None) -> list[Answer]:
    return [Answer(probabilities={label: 1.0}) if label else Answer(error="no answer") for label in labels]


def written(*completions: str) -> list[Example]:
    return [
        Example(id=str(index), messages=(Message("user", "how?"), Message("assistant", text)))
        for index, text in enumerate(completions)
    ]


def referenced(*wanted: Sequence[str]) -> list[Example]:
    """Rows of which each has all these wanted answers, the first as the completion."""
    rows = written(*(first for first, *_ in wanted))
    return [replace(row, references=tuple(others)) for row, (_, *others) in zip(rows, wanted, strict=True)]


def texts(*given: str) -> list[Answer]:
    return [Answer(text=text) for text in given]
