"""Low-rank adaptation: W x + s B A x, with s = alpha / rank and B = 0 at the start.

Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685, section 4.1. Rank-stabilised,
s = alpha / sqrt(rank) (Kalajdzievski 2023, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA",
arXiv 2312.03732, theorem 3.2). With DoRA each output's weights W + s B A are brought to a learned length, which is
that of W at the start (Liu et al. 2024, "DoRA: Weight-Decomposed Low-Rank Adaptation", arXiv 2402.09353, equation 5).
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.library import adapter_library
from overtone.methods.library_adapter import LibraryAdapter, stores_inputs_first
from overtone.methods.start import DESCRIPTION, agreeing, begin_from, started_settings

if TYPE_CHECKING:
    from torch import nn


class Lora(LibraryAdapter):
    """A low-rank update on each chosen linear layer."""

    name: ClassVar[str] = "lora"
    forms: ClassVar[Mapping[str, str]] = {
        "qlora": "method: lora, precision: nf4",
        "rslora": "{name: lora, rank_stabilised: true}",
        "dora": "{name: lora, dora: true}",
    }
    learning_rate: ClassVar[float] = 1e-3
    decoder_rates: ClassVar[tuple[float, float]] = (
        3e-3,
        2e-4,
    )  # QLoRA: Dettmers et al. 2023, arXiv 2305.14314

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        "r": "rank",
        "lora_r": "rank",
        "lora_alpha": "alpha",
        "lora_dropout": "dropout",
        "target_modules": "targets",
        "lora_target": "targets",
        "use_rslora": "rank_stabilised",
        "use_dora": "dora",
    }
    rank: int = Field(16, ge=1, description="width of each low-rank pair")
    alpha: float = Field(32.0, gt=0, description="strength; the update is scaled by alpha / rank")
    rank_stabilised: bool = Field(False, description="scale by alpha / sqrt(rank) instead (rsLoRA)")
    dora: bool = Field(False, description="learn the length of each output's weights beside the pair (DoRA)")
    dropout: float = Field(0.0, ge=0, lt=1, description="dropout before each pair")
    targets: Literal["all-linear"] | list[str] = Field("all-linear", description="names of linear layers")
    top_layers: int | None = Field(
        None, ge=1, description="adapt only so many layers, from the top down; all if absent"
    )
    start: str | None = Field(None, description=DESCRIPTION)
    places: ClassVar[tuple[str, ...]] = ("start",)

    def started(self) -> Self:
        """With the rank, strength, variant and layers of the adapter that it begins as."""
        if self.start is None:
            return self
        found = started_settings(self.start, self.name)
        targets = found.get("target_modules") or self.targets
        own = {
            "rank": found["r"],
            "alpha": float(found["lora_alpha"]),
            "rank_stabilised": bool(found.get("use_rslora")),
            "dora": bool(found.get("use_dora")),
            "dropout": float(found.get("lora_dropout") or 0.0),
            "targets": sorted(targets) if isinstance(targets, list) else [targets],
            "top_layers": None,
        }
        return self.model_copy(update=agreeing(self, own))

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and add the low-rank pairs; A is drawn from the seed, B is zero."""
        import torch

        if self.start is not None:
            return begin_from(body, self.start, self.name, "lora_")
        # An encoder's pooler stands beside the path from tokens to features: nothing it learns is used.
        poolers = ["pooler.*"] if any(name.startswith("pooler") for name, _ in body.named_modules()) else []
        config = adapter_library(self.name).LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            use_rslora=self.rank_stabilised,
            use_dora=self.dora,
            target_modules=self.targets,
            exclude_modules="|".join(poolers + self._lower_layers(body)) or None,
            fan_in_fan_out=stores_inputs_first(body),
        )
        experts = self.targets == "all-linear" and any(weight.ndim > 2 for weight in body.parameters())
        torch.manual_seed(seed)
        try:
            return self._adapted(body, config)
        except ValueError as error:
            refusal = self._no_lengths if self.dora and experts else self._no_such_layers
            raise refusal(body) from error

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

    def _no_lengths(self, body: Any) -> UserError:
        """Experts share one tensor, and PEFT gives such a tensor a pair but no lengths."""
        return UserError(
            f"stages[0].method.dora: it cannot adapt the experts of the family '{body.config.model_type}': leave dora "
            "out, or choose targets among the layers of attention"
        )
