"""Whether the tiny decoder follows instructions: a small held-out list, answered greedily and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from base.documents import Row
from base.pretrain import example
from overtone.core.example import Question
from overtone.evaluate.metrics.exact_match import folded
from overtone.evaluate.statistics.wilson import wilson
from overtone.generate.writer import Writer
from overtone.models.base import Base

INSTRUCTIONS = Path(__file__).parent / "held_out_instructions.jsonl"
MAX_TOKENS = 120


@dataclass(frozen=True)
class Share:
    """How many of `n` answers are right, with a 95 % Wilson interval of the share."""

    right: int
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, rights: Sequence[bool]) -> Share:
        """The share of true values."""
        low, high = wilson(sum(rights), len(rights))
        return cls(sum(rights), len(rights), low, high)


def right(row: Row, answer: str) -> bool:
    """Whether an answer is the expected text, or contains it as whole words; case and spacing do not count."""
    said, expected = folded(answer), folded(row["expected"])
    if row["match"] == "exact":
        return said == expected
    return re.search(rf"(?<!\w){re.escape(expected)}(?!\w)", said) is not None


def answers(base: Base, rows: Sequence[Row]) -> list[str]:
    """The greedy answer to each instruction."""
    questions = [Question(id=row["id"], messages=example(row).messages) for row in rows]
    return [answer.text or "" for answer in Writer(base, MAX_TOKENS).answer(questions)]


def shares(rows: Sequence[Row], said: Sequence[str]) -> dict[str, Share]:
    """The share right over all instructions, under the key "all", and of each skill."""
    by_skill: dict[str, list[bool]] = {"all": []}
    for row, answer in zip(rows, said, strict=True):
        for key in ("all", row["id"].rpartition("-")[0]):
            by_skill.setdefault(key, []).append(right(row, answer))
    return {skill: Share.of(rights) for skill, rights in by_skill.items()}
