"""Leakage: rows to be judged on that also stand among the rows that training sees."""

from collections.abc import Iterable, Sequence

from overtone.core.example import Example
from overtone.data.identity import fingerprint


def key(example: Example) -> str:
    """What makes two rows the same question: their text or prompt, without case, space and punctuation.

    Where a row brings choices, these too, in whatever order: "Which is true?" is many questions.
    """
    return fingerprint("\n".join((example.input, *sorted(example.choices))))


def found_in(examples: Iterable[Example], seen: Iterable[Example]) -> frozenset[str]:
    """The ids of the examples whose question also stands in `seen`, whatever their labels."""
    keys = {key(example) for example in seen}
    return frozenset(example.id for example in examples if key(example) in keys)


def repeats(examples: Sequence[Example]) -> int:
    """How many examples repeat the question of an earlier one."""
    return len(examples) - len({key(example) for example in examples})


def of_shared_groups(examples: Iterable[Example], seen: Iterable[Example]) -> int:
    """How many examples share their group with one in `seen`: not copies, but of a source that was seen."""
    groups = {example.group for example in seen} - {""}
    return sum(example.group in groups for example in examples)
