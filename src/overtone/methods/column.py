"""A column: the base stays as it is, and a slimmer network beside it learns from its hidden states.

Rusu et al. 2016, "Progressive Neural Networks", arXiv 1606.04671, section 2; the formulas stand in `engine.column`.
What the base can do without the column is untouched, so that nothing is forgotten.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.learned_file import read_learned, write_learned
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class Column(Method):
    """A slimmer network (column) beside the frozen base learns from its hidden states."""

    name: ClassVar[str] = "column"
    learning_rate: ClassVar[float] = 1e-3
    folder: ClassVar[str] = "adapter"
    merges: ClassVar[bool] = False

    reduction: int = Field(4, ge=1, description="how many times narrower than the base's states it is")
    every: int = Field(
        1, ge=1, description="1 reads every layer of the base, 2 every second, from the top down"
    )

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and set the column beside it; it is drawn from the seed and adds nothing at the start."""
        import torch

        from overtone.engine import column as engine

        config: Any = body.config
        if config.is_encoder_decoder:
            raise UserError(
                f"stages[0].method: a column cannot stand beside the family '{config.model_type}', which has two "
                "networks: choose adapter or lora"
            )
        layers, hidden = config.num_hidden_layers, config.hidden_size
        torch.manual_seed(seed)
        reads = range(layers, 0, -self.every)[::-1]
        column = engine.Column(hidden, max(1, hidden // self.reduction), reads)
        adapted: nn.Module = engine.with_column(body, column)
        return adapted

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the column alone."""
        write_learned(folder, _learned(body), self.name, body)

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Set the saved column beside a freshly loaded base."""
        from overtone.models.base import load_base

        loaded = load_base(base, precision)
        body = self.attach(loaded.model, 0).eval()
        read_learned(folder, _learned(body), base)
        return replace(loaded, model=body)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Refused: it is a network of its own."""
        raise UserError(
            f"what the method '{self.name}' learns is a network beside the base and cannot be merged into its weights: "
            "serve it as an adapter, or tune with lora"
        )


def _learned(body: Any) -> "dict[str, nn.Parameter]":
    """The weights of the column, by name."""
    from overtone.engine.column import column_of

    column = column_of(body)
    assert column is not None
    return dict(column.named_parameters())
