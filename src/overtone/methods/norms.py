"""Norm tuning: only the weights and biases of the base's norms learn.

Zhao et al. 2023, "Tuning LayerNorm in Attention: Towards Efficient Multi-Modal LLM Finetuning", arXiv 2312.11420,
section 2; here every norm of the base, root-mean-square norms and those behind the last layer among them.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from overtone.core.errors import UserError
from overtone.methods.own_weights import OwnWeights

if TYPE_CHECKING:
    from torch import nn


class Norms(OwnWeights):
    """Only the weights and biases of the base's norms learn."""

    name: ClassVar[str] = "norms"
    also_called: ClassVar[tuple[str, ...]] = ("layer_norm", "layernorm", "ln_tuning")
    learning_rate: ClassVar[float] = 3e-2

    def _learns(self, module: "nn.Module", name: str) -> bool:
        """Families call their norms differently (`LlamaRMSNorm`, `T5LayerNorm`); all end alike."""
        return type(module).__name__.endswith("Norm")

    def _none(self, body: Any) -> UserError:
        return UserError(
            f"stages[0].method: a base of the family '{body.config.model_type}' has no norms with weights to learn: "
            "choose ia3 or lora"
        )
