"""A rival: one way to do the task. It makes a system from training and validation rows, never test rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, cast

from pydantic import Field

from overtone.core.answer import System
from overtone.core.event import Watch, unwatched
from overtone.core.example import Document, Example
from overtone.core.part import Part
from overtone.core.task import Task
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.decide.row_vectors import RowVectors

if TYPE_CHECKING:
    from overtone.generate.writer import Writer
    from overtone.models.base import Base
    from overtone.train.stage import Stage


class Tune(Protocol):
    """Trains stages on rows, keeps all that it writes in the folder, and gives the tuned system."""

    def __call__(
        self,
        stages: "Sequence[Stage]",
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> System:
        """Train; on a folder where a training was interrupted, go on with it."""
        ...


@dataclass(frozen=True)
class Materials:
    """All that a rival may use to prepare itself."""

    task: Task
    train: Sequence[Example]
    validation: Sequence[Example]
    labels: tuple[str, ...]
    documents: Sequence[Document]
    base: "Callable[[], Base]"  # loads the base when first asked, then returns the same one
    tune: Tune
    stages: "Sequence[Stage]"  # the plan's own stages
    folder: Path  # the run folder
    seed: int
    watch: Watch = unwatched

    @cached_property
    def row_vectors(self) -> RowVectors:
        """Vectors of the training and validation rows, computed once for all rivals that read them."""
        return RowVectors(self.base, self.train, self.validation)

    @property
    def multi_label(self) -> bool:
        """Whether a text may carry several labels."""
        return isinstance(self.task, ClassifyTask) and self.task.multi_label

    @property
    def threshold(self) -> float | None:
        """The probability from which a label counts; None where the most probable one is given."""
        return cast(ClassifyTask, self.task).threshold if self.multi_label else None

    def writer(self) -> "Writer":
        """The base as it is, writing answers as the task asks for them."""
        from overtone.generate.writer import Writer

        task = cast(AnswerTask, self.task)
        return Writer(self.base(), task.max_tokens, task.system_prompt)


class Rival(Part, package="overtone.decide.rivals"):
    """One way to do the task.

    `needs` is compared with what a plan offers: the task's `asks` (classify, generate), the kind of base
    (encoder, decoder, encoder-decoder), `chat_template` and `documents`. Each inner set is an alternative; one must be
    offered.
    """

    needs: ClassVar[tuple[frozenset[str], ...]]
    title: ClassVar[str]  # how tables call it
    order: ClassVar[int]  # its place among the rivals: the quick ones come first
    tuned: ClassVar[bool] = False  # whether it trains weights of the base
    probed: ClassVar[bool] = True  # whether it may be tried on a few rows first, to foresee what it takes
    curve: ClassVar[bool] = False  # whether it learns so quickly that its learning curve is always measured

    label: str = Field(
        "", pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$|^$", description="tells two rivals of one kind apart"
    )

    @property
    def key(self) -> str:
        """The name of this rival in tables, files and metrics; `label` tells two of one kind apart."""
        return self.label or self.name

    @property
    def heading(self) -> str:
        """The title with the label that tells it from another of its kind."""
        return f"{self.title} ({self.label})" if self.label else self.title

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """What is measured of this kind where the plan names no rivals and `needs` are met."""
        return (cls(),)

    def requires(self) -> tuple[frozenset[str], ...]:
        """What this rival needs as it is set."""
        return self.needs

    def check(self) -> None:
        """UserError where it cannot work at all; asked of every rival before any of them is prepared."""

    def prepare(self, materials: Materials) -> System:
        """Make the system that answers; whatever it learns comes from `train` and `validation`."""
        raise NotImplementedError
