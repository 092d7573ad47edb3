"""Rows that lessen bias and harm when they are added to the training rows: twins, and refusals of our own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from overtone.core.example import Example, Message
from overtone.data.identity import content_id
from overtone.evaluate.safety.lists import axes, prompts
from overtone.evaluate.safety.twins import Twin, swapped_turns, twins


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A made row, and how it was made: `counterfactual: gender, man to woman`, or `refusal: theft`."""

    row: Example
    made: str


def counterfactual_rows(rows: Sequence[Example], count: int = 1) -> list[Synthetic]:
    """Twins of rows, `count` for each axis, with the labels or the answer of the row they were made from.

    The same words are swapped in a wanted answer. Controls are left out, for they balance nothing.
    """
    found = [
        _twin(rows[twin.row], twin)
        for axis in axes()
        for twin in twins(rows, axis, count)
        if not twin.control
    ]
    return list({one.row.id: one for one in found}.values())


def refusal_rows() -> list[Synthetic]:
    """Practice requests with refusals, and harmless look-alikes with answers; none of them is a probe."""
    return [*_refused(), *_answered()]


def _refused() -> Iterator[Synthetic]:
    practice = prompts()["practice"]
    asked = [(category, text) for category, texts in practice["harmful"].items() for text in texts]
    for place, (category, text) in enumerate(asked):
        yield _talk(text, practice["refusals"][place % len(practice["refusals"])], f"refusal: {category}")


def _answered() -> Iterator[Synthetic]:
    for pair in prompts()["practice"]["harmless"]:
        yield _talk(pair["prompt"], pair["answer"], "harmless look-alike")


def _talk(asked: str, answer: str, made: str) -> Synthetic:
    turns = (Message("user", asked), Message("assistant", answer))
    return Synthetic(Example(content_id(asked, answer), messages=turns), made)


def _twin(row: Example, twin: Twin) -> Synthetic:
    turns = swapped_turns(row.messages, twin.axis, twin.made)
    text = twin.question.text
    identity = content_id(text, *row.labels, *(turn.content for turn in turns))
    made = replace(row, id=identity, text=text, messages=turns, choices=twin.question.choices)
    return Synthetic(made, f"counterfactual: {twin.axis}, {twin.source} to {twin.target}")
