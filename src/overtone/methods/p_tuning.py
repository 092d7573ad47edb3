"""P-tuning: prompt tuning whose embeddings are made by a small network while they learn; it is folded away on save.

Liu et al. 2021, "GPT Understands, Too", arXiv 2103.10385, section 3.2. Here the network's output is added to what it
reads (Razdaibiedina et al. 2023, "Residual Prompt Tuning", arXiv 2305.03937, section 3), so that the start is that of
words. What is saved are the rows alone, as a soft prompt in PEFT's format: see the method `prompt`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from overtone.methods.beginning import Beginning, embedding_width, shape_of
from overtone.methods.library import adapter_library
from overtone.methods.nearest_words import word_facts

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base


class PTuning(Beginning):
    """Learned embeddings (a soft prompt) that a small network makes while they learn."""

    name: ClassVar[str] = "p_tuning"
    also_called: ClassVar[tuple[str, ...]] = ("ptuning", "prompt_encoder")
    learning_rate: ClassVar[float] = 3e-3
    reading_tokens: ClassVar[int] = 5
    reading_rate: ClassVar[float] = 3e-4

    encoder: Literal["lstm", "mlp"] = Field("lstm", description="the network: recurrent, or of plain layers")
    width: int = Field(128, ge=1, description="the network's width in numbers")

    def facts(self, base: "Base") -> dict[str, str]:
        """The nearest words of the prompt."""
        return word_facts(base.model, base.tokenizer)

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the rows alone, without the network."""
        import torch

        with torch.no_grad():  # as in every answer: with gradients torch computes an LSTM by another kernel
            super().save(body, folder)

    def _config(self, body: Any) -> Any:
        return adapter_library(self.name).PromptTuningConfig(
            num_virtual_tokens=self.positions, **shape_of(body, embedding_width(body))
        )

    def _start(self, adapted: "nn.Module", body: "nn.Module") -> None:
        """The embeddings of words, which the network at first leaves as they are."""
        from overtone.methods.tuners.prompt_encoder import PromptEncoder

        learned: Any = adapted.prompt_encoder
        words = adapted.get_input_embeddings()(self._words(body))  # type: ignore[operator]
        learned["default"] = PromptEncoder(words, self.encoder, self.width)
