"""An extractor: what of a written answer is judged. It is always named by the plan, never guessed."""

from collections.abc import Sequence

from overtone.core.answer import Answer
from overtone.core.part import Part
from overtone.core.task import Task
from overtone.evaluate.declared import declared
from overtone.evaluate.written import written


class Extractor(Part, package="overtone.evaluate.extractors"):
    """Finds what is judged in a written answer: a number, a letter, a field."""

    def extract(self, text: str) -> str | None:
        """What is judged of a text; None where it does not hold such a thing."""
        raise NotImplementedError


def extractor_of(task: Task) -> Extractor | None:
    """The extractor that a task names, if it names one."""
    named = getattr(task, "extract", None)
    return None if named is None else Extractor.model_validate(declared(Extractor, named))


def unparsable(answers: Sequence[Answer], task: Task) -> int:
    """How many answers did not fail and yet hold nothing that the task's extractor finds."""
    extractor = extractor_of(task)
    if extractor is None:
        return 0
    return sum(answer.error is None and extractor.extract(written(answer)) is None for answer in answers)
