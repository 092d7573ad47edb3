"""A column: the base stays as it is, and a slimmer network beside it learns from its hidden states.

Rusu et al. 2016, "Progressive Neural Networks", arXiv 1606.04671, section 2; the formulas stand in `engine.column`.
A stage that goes on adds a column, which also reads those of the stages before. What the base and the earlier columns
can do without it is untouched, so that nothing is forgotten.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.learned_file import learned_names, read_learned, write_learned
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class Column(Method):
    """A slimmer network (column) beside the frozen base learns from its hidden states."""

    name: ClassVar[str] = "column"
    also_called: ClassVar[tuple[str, ...]] = ("progressive", "progressive_network", "progressive_networks")
    learning_rate: ClassVar[float] = 1e-3
    folder: ClassVar[str] = "adapter"
    merges: ClassVar[bool] = False
    grows: ClassVar[bool] = True

    reduction: int = Field(4, ge=1, description="how many times narrower than the base's states it is")
    every: int = Field(
        1, ge=1, description="1 reads every layer of the base, 2 every second, from the top down"
    )

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and set columns beside its stacks; they are drawn from the seed and add nothing at the start.

        Columns that the body has already stay as they are, and the new ones read them. Of an encoder-decoder's two an
        objective keeps the one that it can reach (`engine.encoder_decoder.rest_unasked`).
        """
        from overtone.engine.column import stacks_of

        return self._beside(body, stacks_of(body), seed)

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the columns alone."""
        write_learned(folder, _learned(body), self.name, body)

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Set the saved columns beside a freshly loaded base."""
        from overtone.models.base import load_base

        return self.upon(load_base(base, precision), folder)

    def upon(self, base: "Base", folder: Path) -> "Base":
        """A base with all saved columns beside it, those of earlier stages first."""
        body: nn.Module = base.model
        for parts in (name.split(".") for name in learned_names(folder) if name.endswith(".first.weight")):
            body = self._beside(body, [".".join(parts[:-3])], 0)
        read_learned(folder, _learned(body), base.description.name)
        return replace(base, model=body.eval())

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Refused: it is a network of its own."""
        raise UserError(
            f"what the method '{self.name}' learns is a network beside the base and cannot be merged into its weights: "
            "serve it as an adapter, or tune with lora"
        )

    def _beside(self, body: Any, names: Collection[str], seed: int) -> "nn.Module":
        """One more column beside each of the body's stacks that has one of these names."""
        import torch

        from overtone.engine.column import Column, beside, columns_of, layers_of, stacks_of, with_columns

        hidden = body.config.hidden_size
        torch.manual_seed(seed + len(columns_of(body)))
        new = {}
        for name, stack in stacks_of(body).items():
            if name in names:
                reads = range(layers_of(stack), 0, -self.every)[::-1]
                new[name] = Column(hidden, max(1, hidden // self.reduction), reads, len(beside(stack)))
        adapted: nn.Module = with_columns(body, new)
        return adapted


def _learned(body: Any) -> "dict[str, nn.Parameter]":
    """The weights of all columns; names begin with the stack, where there are two, and the number of the column."""
    from overtone.engine.column import beside, stacks_of

    columns = {
        f"{name}.{place}".lstrip("."): one
        for name, stack in stacks_of(body).items()
        for place, one in enumerate(beside(stack))
    }
    return {f"{at}.{name}": weight for at, one in columns.items() for name, weight in one.named_parameters()}
