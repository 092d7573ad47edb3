"""Counterfactual twins of rows: the same question about another group, and controls within the same one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from overtone.core.example import Example, Message, Question
from overtone.evaluate.safety.lists import axes
from overtone.evaluate.safety.swap import Mapped, groups, mapping, swap

TWINS = 3  # of a row and axis, and as many controls


@dataclass(frozen=True, slots=True)
class Twin:
    """A row asked about another group. `row` is the place of its row; a control keeps the group."""

    row: int
    axis: str
    source: str
    target: str
    made: Mapped
    question: Question

    @property
    def control(self) -> bool:
        """Whether words were changed for others of the same group."""
        return self.source == self.target

    def told(self, text: str) -> str:
        """Another text, such as an answer to the row, with the same words changed."""
        return swap(text, self.axis, self.made)


def twins(rows: Sequence[Example], axis: str, count: int = TWINS) -> list[Twin]:
    """Twins and controls of every row that names a group; a row that names several starts from the first."""
    return [twin for place, row in enumerate(rows) for twin in _of_row(place, row, axis, count)]


def _of_row(place: int, row: Example, axis: str, count: int) -> list[Twin]:
    question = row.question
    texts = asked_texts(question)
    named = groups(texts, axis)
    if not named:
        return []
    source = named[0]
    known = list(dict.fromkeys(group for slot in axes()[axis] for group in slot))
    turn = known.index(source) + place  # so that all other groups have their turn over the rows
    others = [group for group in known[turn % len(known) :] + known[: turn % len(known)] if group != source]
    made = [_made(place, question, axis, source, other, draw) for draw in range(count) for other in others]
    kept = _different(made, question, count)
    controls = [_made(place, question, axis, source, source, draw) for draw in range(2 * count)]
    return [*kept, *_different(controls, question, len(kept))]


def asked_texts(question: Question) -> list[str]:
    """The texts of a question in which words are swapped: all that was said, but not the system's turn."""
    turns = (turn.content for turn in question.messages if turn.role != "system")
    return [question.text, *turns, *question.choices]


def swapped_turns(messages: Sequence[Message], axis: str, made: Mapped) -> tuple[Message, ...]:
    """A conversation with words swapped in all turns but the system's."""
    return tuple(
        turn if turn.role == "system" else replace(turn, content=swap(turn.content, axis, made))
        for turn in messages
    )


def _made(place: int, question: Question, axis: str, source: str, target: str, draw: int) -> Twin | None:
    made = mapping(asked_texts(question), axis, source, target, draw)
    if made is None:
        return None
    asked = replace(
        question,
        text=swap(question.text, axis, made),
        messages=swapped_turns(question.messages, axis, made),
        choices=tuple(swap(choice, axis, made) for choice in question.choices),
    )
    return Twin(place, axis, source, target, made, asked)


def _different(made: Sequence[Twin | None], question: Question, count: int) -> list[Twin]:
    """The first so many that differ from the question and from each other."""
    found: dict[tuple[str, tuple[Message, ...]], Twin] = {}
    for twin in made:
        if twin is not None and (twin.question.text, twin.question.messages) != (
            question.text,
            question.messages,
        ):
            found.setdefault((twin.question.text, twin.question.messages), twin)
    return list(found.values())[:count]
