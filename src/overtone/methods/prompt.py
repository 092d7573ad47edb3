"""Prompt tuning: learned embeddings stand before the first token of every row; the base stays as it is.

Lester et al. 2021, "The Power of Scale for Parameter-Efficient Prompt Tuning", arXiv 2104.08691, section 2.
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.methods.beginning import Beginning, embedding_width, shape_of
from overtone.methods.library import adapter_library
from overtone.methods.nearest_words import word_facts
from overtone.methods.start import DESCRIPTION

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base


class Prompt(Beginning):
    """Learned embeddings (a soft prompt) before the first token of every row."""

    name: ClassVar[str] = "prompt"
    also_called: ClassVar[tuple[str, ...]] = ("prompt_tuning", "soft_prompt")
    learning_rate: ClassVar[float] = 3e-2
    reading_tokens: ClassVar[int] = 5
    reading_rate: ClassVar[float] = 1e-3
    places: ClassVar[tuple[str, ...]] = ("start",)

    start: str | None = Field(None, description=DESCRIPTION)

    def facts(self, base: "Base") -> dict[str, str]:
        """The nearest words of the prompt."""
        return word_facts(base.model, base.tokenizer)

    def _config(self, body: Any) -> Any:
        return adapter_library(self.name).PromptTuningConfig(
            num_virtual_tokens=self.positions, **shape_of(body, embedding_width(body))
        )

    def _start(self, adapted: "nn.Module", body: "nn.Module") -> None:
        """The embeddings of words."""
        learned: Any = adapted.prompt_encoder
        learned["default"].embedding.weight.copy_(adapted.get_input_embeddings()(self._words(body)))  # type: ignore[operator]
