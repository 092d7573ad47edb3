"""The trivial baseline of multiple choice that looks at the choices: always the longest one, or the shortest."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import System
from overtone.core.example import Example
from overtone.decide.choices import ChoiceRule
from overtone.decide.rival import Materials, Rival


class ChoiceLength(Rival):
    """The longest choice, or the shortest where the training rows favour that; length is in characters.

    What it gets right needs no understanding: it shows how much of a score the way of writing choices gives away.
    """

    name: ClassVar[str] = "choice_length"
    title: ClassVar[str] = "length of the choice"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"choose"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Count in how many rows the longest and the shortest choice is the right one."""
        rows = [*materials.train, *materials.validation]
        wanted = max if _hits(rows, longest=True) >= _hits(rows, longest=False) else min
        return ChoiceRule(lambda choices: [float(len(one) == wanted(map(len, choices))) for one in choices])


def _hits(rows: Sequence[Example], longest: bool) -> int:
    wanted = max if longest else min
    return sum(len(row.completion) == wanted(map(len, row.choices)) for row in rows)
