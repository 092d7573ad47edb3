"""Few-shot with its examples in another order: what a steady system does not notice."""

import hashlib
from collections.abc import Sequence

from pydantic import Field

from overtone.core.answer import System
from overtone.core.example import Example
from overtone.decide.rival import Materials
from overtone.decide.rivals.few_shot import FewShot
from overtone.decide.shots import Shots, Shown


class Shuffled(FewShot):
    """The same examples in an order that the seed draws; no rival of a plan, so it has no name of its own."""

    order_seed: int = Field(ge=1, description="of the order")

    def prepare(self, materials: Materials) -> System:
        """As few-shot prepares itself; a system without examples in a prompt stays as it is."""
        system = super().prepare(materials)
        if isinstance(system, Shown):
            system.shots = ShuffledShots(system.shots, self.order_seed)
        return system


class ShuffledShots:
    """Finds the same examples and shows them in a drawn order, the same for every question."""

    def __init__(self, shots: Shots, seed: int) -> None:
        self.shots, self.seed = shots, seed

    def best(self, texts: Sequence[str], count: int) -> list[list[Example]]:
        """The same examples, best first, so that what does not fit is left out alike."""
        return self.shots.best(texts, count)

    def in_order(self, best: Sequence[Example]) -> Sequence[Example]:
        """By lot."""
        return sorted(best, key=self._draw)

    def _draw(self, row: Example) -> bytes:
        text = f"{self.seed} {row.id}".encode(errors="surrogatepass")
        return hashlib.blake2b(text, digest_size=8).digest()


def shuffled(rival: FewShot, order_seed: int, examples: int | None) -> Shuffled:
    """The rival with another order; `examples` keeps the number that was chosen for the first one."""
    return Shuffled(**{**dict(rival), "examples": examples}, order_seed=order_seed)
