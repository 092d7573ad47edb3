"""Only a new output layer learns; the body stays as it is."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class Head(Method):
    """Only a new output layer learns; the body stays as it is."""

    name: ClassVar[str] = "head"
    also_called: ClassVar[tuple[str, ...]] = ("linear_probe", "linear_probing", "last_layer", "output_layer")
    learning_rate: ClassVar[float] = 0.0
    folder: ClassVar[str] = "adapter"

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body."""
        return body.requires_grad_(False)

    def save(self, body: "nn.Module", folder: Path) -> None:
        """The head is kept by the artifact; the body is the base itself."""
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """The body is the base itself."""
        from overtone.models.base import load_base

        return load_base(base, precision)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """The body is the base itself."""
        return body
