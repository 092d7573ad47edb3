"""Low-rank adaptation: W x + (alpha / rank) B A x, with B = 0 at the start.

Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685, section 4.1.
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.library import adapter_library, known_warnings_silenced
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base


class Lora(Method):
    """A low-rank update on each chosen linear layer."""

    name: ClassVar[str] = "lora"
    learning_rate: ClassVar[float] = 1e-3
    folder: ClassVar[str] = "adapter"

    rank: int = Field(16, ge=1, description="width of each low-rank pair")
    alpha: float = Field(32.0, gt=0, description="strength; the update is scaled by alpha / rank")
    dropout: float = Field(0.0, ge=0, lt=1, description="dropout before each pair")
    targets: Literal["all-linear"] | list[str] = Field("all-linear", description="names of linear layers")
    top_layers: int | None = Field(
        None, ge=1, description="adapt only so many layers, from the top down; all if absent"
    )

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and add the low-rank pairs; A is drawn from the seed, B is zero."""
        import torch

        peft = adapter_library(self.name)
        # An encoder's pooler stands beside the path from tokens to features: nothing it learns is used.
        poolers = ["pooler.*"] if any(name.startswith("pooler") for name, _ in body.named_modules()) else []
        config = peft.LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules=self.targets,
            exclude_modules="|".join(poolers + self._lower_layers(body)) or None,
            fan_in_fan_out=any(
                type(module).__name__ == "Conv1D" for module in body.modules()
            ),  # GPT-2's layers
        )
        torch.manual_seed(seed)
        try:
            with known_warnings_silenced():
                adapted: nn.Module = peft.get_peft_model(body, config)
        except ValueError as error:
            raise self._no_such_layers(body) from error
        return adapted

    def _lower_layers(self, body: "nn.Module") -> list[str]:
        """Patterns of the modules in layers below the adapted ones: the first number in a name is its layer."""
        layers: int = body.config.num_hidden_layers  # type: ignore[union-attr, assignment]
        top = layers if self.top_layers is None else self.top_layers
        if top > layers:
            raise UserError(
                f"stages[0].method.top_layers: {top} layers are asked for and the base has {layers}: choose 1 to "
                f"{layers}, or leave it out to adapt all"
            )
        return [rf"(?:[^.\d][^.]*\.)*{layer}\..*" for layer in range(layers - top)]

    def _no_such_layers(self, body: "nn.Module") -> UserError:
        layers = sorted(
            {name.rsplit(".", 1)[-1] for name, part in body.named_modules() if hasattr(part, "weight")}
        )
        wanted = self.targets if isinstance(self.targets, str) else ", ".join(self.targets)
        return UserError(
            f"stages[0].method.targets: no layer of the base that lora can adapt is called '{wanted}'; its layers: "
            f"{', '.join(layers)}"
        )

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the adapter alone, in PEFT's format."""
        body.save_pretrained(str(folder), save_embedding_layers=False)  # type: ignore[operator]

    def load(self, base: str, folder: Path) -> "Base":
        """Put the saved adapter onto a freshly loaded base."""
        from overtone.models.base import load_base

        loaded = load_base(base)
        with known_warnings_silenced():
            adapted = adapter_library(self.name).PeftModel.from_pretrained(loaded.model, str(folder)).eval()
        return replace(loaded, model=adapted)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Add each update to the weight it stands beside."""
        merged: nn.Module = body.merge_and_unload()  # type: ignore[operator]
        return merged
