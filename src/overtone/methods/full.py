"""Full fine-tuning: every weight of the body moves."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class Full(Method):
    """Every weight of the body moves."""

    name: ClassVar[str] = "full"
    also_called: ClassVar[tuple[str, ...]] = ("all", "finetune", "full_finetuning", "full_fine_tuning")
    learning_rate: ClassVar[float] = 1e-4
    decoder_rates: ClassVar[tuple[float, float]] = (
        1e-3,
        2e-5,
    )  # Llama 2: Touvron et al. 2023, arXiv 2307.09288, section 3.1
    folder: ClassVar[str] = "model"
    dense: ClassVar[bool] = True

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Let every weight learn."""
        return body.requires_grad_(True)

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the whole body in the layout of transformers."""
        body.save_pretrained(folder)  # type: ignore[operator]

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Read the whole model back; the base it came from is not needed."""
        from overtone.models.base import load_base

        return load_base(str(folder), precision)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """The weights are plain already."""
        return body
