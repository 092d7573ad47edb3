"""The learning curve: the same learner on an eighth, a quarter, a half and all of the training rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from overtone.core.score import Score
from overtone.core.settings import Settings
from overtone.decide.nested import nested_share

if TYPE_CHECKING:
    from overtone.decide.power_law import PowerLaw
    from overtone.decide.rival import Materials, Rival


class LearningCurve(Settings):
    """Which learners are measured on fewer rows, to see whether more rows would help."""

    cheap: bool = Field(True, description="TF-IDF and the frozen embedding's head, which cost seconds")
    tuned: bool = Field(False, description="the tuned candidates too: together about as long as one more")
    shares: tuple[float, ...] = Field(
        (1 / 8, 1 / 4, 1 / 2), min_length=1, description="shares of the training rows, beside all of them"
    )

    @field_validator("shares")
    @classmethod
    def _between(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < share < 1 for share in shares) or len(set(shares)) < len(shares):
            raise ValueError(
                f"shares are different numbers between 0 and 1, such as 0.25; not {list(shares)}"
            )
        return tuple(sorted(shares))


@dataclass(frozen=True)
class Learned:
    """One learner's scores by its number of training rows, and the law through them where there is one."""

    key: str
    title: str
    tuned: bool
    sizes: tuple[int, ...]
    scores: tuple[Score, ...]
    law: "PowerLaw | None"


def learners(rivals: "Sequence[Rival]", asked: LearningCurve) -> "list[Rival]":
    """The rivals of which a curve is asked."""
    return [rival for rival in rivals if (asked.cheap and rival.curve) or (asked.tuned and rival.tuned)]


def with_share(materials: "Materials", share: float) -> "Materials":
    """The materials with a share of the training rows, and of the validation rows, which some learners use too.

    Both keep groups whole (`data.group`).
    """
    seed = materials.seed
    return replace(
        materials,
        train=nested_share(materials.train, share, seed),
        validation=nested_share(materials.validation, share, seed),
    )
