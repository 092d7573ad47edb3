"""Direct preference optimisation: make chosen answers likelier than rejected ones, measured against the base.

Rafailov et al. 2023, "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
arXiv 2305.18290, equation 7. Label smoothing is the conservative variant of Mitchell 2023, "A note on DPO with
noisy preferences and relationship to IPO", equation 3: a share of the pairs is taken to be marked the wrong way.
"""

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.objectives.preference import Referenced

if TYPE_CHECKING:
    from torch import Tensor


class Dpo(Referenced):
    """Minus the log-likelihood of the preferences, whose odds are the ratios of the model to the untuned base."""

    name: ClassVar[str] = "dpo"

    label_smoothing: float = Field(
        0.0, ge=0, lt=0.5, description="share of pairs taken to be marked the wrong way"
    )

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """Minus the log-probability that the chosen answer is preferred: (pairs,)."""
        import torch
        from torch.nn.functional import logsigmoid

        margins = chosen - rejected
        return -torch.lerp(logsigmoid(margins), logsigmoid(-margins), self.label_smoothing)
