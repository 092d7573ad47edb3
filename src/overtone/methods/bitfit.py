"""BitFit: only the biases of the base learn, those of its norms among them.

Ben Zaken et al. 2021, "BitFit: Simple Parameter-efficient Fine-tuning for Transformer-based Masked Language-models",
arXiv 2106.10199, section 3.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from overtone.core.errors import UserError
from overtone.methods.own_weights import OwnWeights

if TYPE_CHECKING:
    from torch import nn


class BitFit(OwnWeights):
    """Only the biases of the base learn; a base without biases is refused."""

    name: ClassVar[str] = "bitfit"
    also_called: ClassVar[tuple[str, ...]] = ("bias", "biases")
    learning_rate: ClassVar[float] = 3e-3

    def _learns(self, module: "nn.Module", name: str) -> bool:
        return name == "bias"

    def _none(self, body: Any) -> UserError:
        return UserError(
            f"stages[0].method: a base of the family '{body.config.model_type}' has no biases that bitfit could learn: "
            "choose norms, ia3 or lora"
        )
