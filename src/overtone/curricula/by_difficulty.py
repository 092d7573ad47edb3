"""From easy rows to hard ones.

Bengio et al. 2009, "Curriculum Learning", section 3; the pace is the competence of Platanios et al. 2019,
"Competence-based Curriculum Learning for Neural Machine Translation", arXiv 1903.09848, equations 6 and 7: after a
share t of the curriculum's time rows are drawn from the easiest c(t) of all, c(t) = min(1, (t (1 - s^p) + s^p)^(1/p)),
where s is the start and p is 1 (linear) or 2 (root).
"""

import random
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, PrivateAttr

from overtone.curricula.curriculum import Seen
from overtone.curricula.single import Single

POWERS = {"linear": 1, "root": 2}


class ByDifficulty(Single):
    """Rows are drawn from the easiest ones first; once all are open, every row comes once an epoch."""

    name: ClassVar[str] = "by_difficulty"
    also_called: ClassVar[tuple[str, ...]] = ("curriculum_learning", "easy_to_hard")
    once: ClassVar[bool] = False

    measure: Literal["length", "loss"] = Field(
        "length", description="what makes a row hard: its tokens, or its loss under the untuned model"
    )
    start: float = Field(
        0.2, gt=0, le=1, description="share of the rows, the easiest, that are open at first"
    )
    epochs: float = Field(1.0, gt=0, description="epochs until all rows are open")
    pace: Literal["linear", "root"] = Field("root", description="how the open share grows")
    _losses: tuple[float, ...] = PrivateAttr(())

    def over(self, seen: Seen) -> Self:
        """Know how hard each row is."""
        ready = self.model_copy()
        ready._losses = tuple(seen.losses()) if self.measure == "loss" else ()
        return ready

    def competence(self, epochs: float) -> float:
        """The share of the rows that is open after so many epochs."""
        power = POWERS[self.pace]
        least = self.start**power
        grown: float = (min(1.0, epochs / self.epochs) * (1 - least) + least) ** (1 / power)
        return min(1.0, grown)

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """As many steps as all rows make, each of them of different rows that are open then."""
        if self.competence(epoch) >= 1:
            return super().steps(lengths, rows, seed, epoch)
        hardness = self._losses or lengths
        easiest = sorted(range(len(lengths)), key=lambda row: (hardness[row], row))
        draw, count = random.Random(f"{seed}/{epoch}"), -(-len(lengths) // rows)
        found = []
        for step in range(count):
            share = self.competence(epoch + step / count)
            opened = easiest[: max(min(rows, len(lengths)), round(share * len(lengths)))]
            found.append(draw.sample(opened, min(rows, len(opened))))
        return found
