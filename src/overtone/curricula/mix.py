"""Several data sets, mixed in chosen parts: more rows of one task, or several tasks under heads of their own.

By size and temperature T a set of n rows is drawn in proportion to n^(1/T) (Raffel et al. 2020, "Exploring the Limits
of Transfer Learning with a Unified Text-to-Text Transformer", arXiv 1910.10683, section 3.5.2, without its limit).
By uncertainty each task's loss is weighed by what the model learns of its noise (Kendall, Gal, Cipolla 2018,
"Multi-Task Learning Using Uncertainty to Weigh Losses", arXiv 1705.07115, section 3.2).
"""

import random
import re
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, PrivateAttr, model_validator

from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.curricula.curriculum import Seen, Source
from overtone.curricula.single import Single
from overtone.data.settings import DataSettings

HEADED = ("classify", "regress", "tag")  # tasks that are learned under a head of their own
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")  # of a task: it names folders and stands in addresses


class MixedTask(Settings):
    """A further task of a mixture: what is done with its rows, and where they are."""

    task: Task = Field("classify", description="what is done with the rows: classify, regress or tag")  # type: ignore[assignment]
    data: DataSettings = Field(
        description="its rows; those of its test are judged when the training has ended"
    )

    @model_validator(mode="after")
    def _under_a_head(self) -> Self:
        """Refuse a task that no head of its own learns."""
        if self.task.asks not in HEADED:
            raise ValueError(
                f"no head of its own learns the task '{self.task.name}': a mixture has tasks of {', '.join(HEADED)}"
            )
        return self


class Mix(Single):
    """Rows of several sets in chosen parts; an epoch has as many rows as all of them together."""

    name: ClassVar[str] = "mix"
    also_called: ClassVar[tuple[str, ...]] = ("multi_task", "multitask")
    once: ClassVar[bool] = False
    earlier: ClassVar[bool] = True

    weights: list[float] | None = Field(
        None,
        description="of the stage's own rows, then of each further set's, task's or earlier stage's; by size and "
        "temperature if absent",
    )
    temperature: float = Field(
        1.0,
        ge=1,
        description="1 mixes by size; the higher, the more alike are the parts of small and large sets",
    )
    data: list[DataSettings] = Field(
        [],
        description="further sets, of the stage's own task and labels; the rows of all earlier stages if absent",
    )
    tasks: dict[str, MixedTask] = Field(
        {}, description="further tasks by name, each with rows and a head of its own over the one body"
    )
    own_name: str = Field("own", description="what the stage's own task is called beside them")
    uncertainty: bool = Field(
        False, description="whether each task's loss is weighed by a noise that is learned with the model"
    )
    uncertainty_rate: float = Field(0.01, gt=0, description="rate of the logarithms of the noises' variances")
    alone: bool = Field(
        True,
        description="whether each task is trained alone too, to show what it gains or loses by the others",
    )
    _parts: tuple[int, ...] = PrivateAttr(())

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Refuse names that are none or stand for two tasks, an uncertainty of one task, and weights of other sets."""
        for name in (self.own_name, *self.tasks):
            if not NAME.fullmatch(name):
                raise ValueError(
                    f"tasks: '{name}' is no name: begin with a letter or digit and go on with letters, digits, _ or -"
                )
        if self.own_name in self.tasks:
            raise ValueError(
                f"tasks: '{self.own_name}' is the stage's own task: give one of them another name"
            )
        if self.uncertainty and not self.tasks:
            raise ValueError("uncertainty weighs the losses of several tasks: name the others in tasks")
        if self.sources:
            self._refuse_other_weights(1 + len(self.sources))
        return self

    def _refuse_other_weights(self, sets: int) -> None:
        if self.weights is not None and len(self.weights) != sets:
            raise ValueError(f"{len(self.weights)} weights are given for {sets} sets of rows")

    @property
    def sources(self) -> Sequence[DataSettings]:
        """The further sets, then those of the further tasks."""
        return [*self.data, *(one.data for one in self.tasks.values())]

    def asked(self, own: Task) -> Sequence[Source]:
        """The same, each with its task."""
        more = [Source(data, own) for data in self.data]
        return [*more, *(Source(one.data, one.task, name) for name, one in self.tasks.items())]

    def with_sources(self, sources: Sequence[DataSettings]) -> Self:
        """With these sets instead."""
        data, others = list(sources[: len(self.data)]), sources[len(self.data) :]
        tasks = {
            name: one.model_copy(update={"data": its})
            for (name, one), its in zip(self.tasks.items(), others, strict=True)
        }
        return self.model_copy(update={"data": data, "tasks": tasks})

    def over(self, seen: Seen) -> Self:
        """Know how many rows stand in each part."""
        self._refuse_other_weights(len(seen.parts))
        ready = self.model_copy()
        ready._parts = seen.parts
        return ready

    def counts(self, parts: Sequence[int]) -> list[int]:
        """How many rows of each part an epoch holds."""
        odds = (
            self.weights
            if self.weights and self._parts
            else [size ** (1 / self.temperature) for size in parts]
        )
        return [max(1, round(sum(parts) * one / sum(odds))) if one else 0 for one in odds]

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """From each part whole passes, then a drawn rest."""
        shuffle = random.Random(f"{seed}/{epoch}")
        parts = self._parts or (len(lengths),)
        drawn: list[int] = []
        first = 0
        for size, count in zip(parts, self.counts(parts), strict=True):
            own = list(range(first, first + size))
            drawn += own * (count // size) + shuffle.sample(own, count % size)
            first += size
        return self._arranged(drawn, lengths, rows, shuffle)
