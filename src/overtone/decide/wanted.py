"""How likely a system is to write the wanted answers, whatever it did write: what perplexity is made of."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer, System
from overtone.core.example import Example, Question


def likelihoods(system: object, questions: Sequence[Question], answers: Sequence[str]) -> list[float | None]:
    """Natural-log probability of each given answer; None where the system cannot tell."""
    told = getattr(system, "likelihoods", None)
    found: list[float | None] = told(questions, answers) if told else [None] * len(questions)
    return found


def with_wanted(system: System, test: Sequence[Example], answers: Sequence[Answer]) -> list[Answer]:
    """The answers, each with the log-probability of the wanted one; rows without one, and errors, stay as they are."""
    places = [
        place
        for place, (row, given) in enumerate(zip(test, answers, strict=True))
        if row.completion and not given.error
    ]
    found = likelihoods(
        system, [test[place].question for place in places], [test[place].completion for place in places]
    )
    known = dict(zip(places, found, strict=True))
    return [replace(answer, wanted_log_probability=known.get(place)) for place, answer in enumerate(answers)]
