"""A method: which weights of a base move, and how they are kept. One file each."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from overtone.core.part import Part
from overtone.methods.rates import by_width

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision
    from overtone.models.families import Kind


class Method(Part, package="overtone.methods"):
    """Which weights of the body move. Heads (new output layers) always learn."""

    learning_rate: ClassVar[float]  # a good rate for the body where the plan gives none
    decoder_rates: ClassVar[tuple[float, float] | None] = None  # the same for a narrow and for a wide decoder
    folder: ClassVar[str]  # where a run keeps what was learned: adapter or model
    merges: ClassVar[bool] = True  # whether what was learned folds into weights of the base's own shape
    dense: ClassVar[bool] = False  # whether it moves matrices, which a quantised base keeps packed
    grows: ClassVar[bool] = False  # whether what was learned stays, and a stage that goes on adds to it
    places: ClassVar[tuple[str, ...]] = ()  # settings that name folders: a plan finds them from its own

    @property
    def begins_as(self) -> str | None:
        """The folder of the finished adapter that it begins as, where it does."""
        found: str | None = getattr(self, "start", None)
        return found

    def started(self) -> Self:
        """With the settings of what it begins as; UserError where it cannot begin as that."""
        return self

    def suited(self, kind: "Kind") -> Self:
        """With the defaults written out that depend on the kind of base."""
        return self

    def usual_rate(self, kind: "Kind", width: int) -> float:
        """A good rate for the body of a base of that kind, whose hidden states are so wide; 0 where it stands still."""
        if kind == "decoder" and self.decoder_rates is not None:
            return by_width(*self.decoder_rates, width)
        return self.learning_rate

    @property
    def positions(self) -> int:
        """How many positions of the base's context it takes from every row."""
        return 0

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Prepare the body: freeze what stays, add what is new; the returned module is trained."""
        raise NotImplementedError

    def thawed(self, body: "nn.Module", done: float) -> AbstractContextManager[None]:
        """While it lasts, only what learns in a step at that share of the training asks for gradients."""
        return nullcontext()

    def tuned(self, base: "Base", body: "nn.Module") -> "Base":
        """The base with its tuned body, and with what is left of its context."""
        left = base.description.context - self.positions
        return replace(base, model=body, description=replace(base.description, context=left))

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write what was learned as safetensors and JSON (adapters in PEFT's own format)."""
        raise NotImplementedError

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Load the base, at a precision, with what `save` wrote on it; bit for bit what was trained."""
        raise NotImplementedError

    def upon(self, base: "Base", folder: Path) -> "Base":
        """A freshly loaded base with what `save` wrote on it, for a method that grows."""
        raise NotImplementedError

    def facts(self, base: "Base") -> dict[str, str]:
        """What is worth telling of what was learned, for a run's report."""
        return {}

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Fold what was learned into plain weights of the base's own shape; UserError where it does not merge."""
        raise NotImplementedError
