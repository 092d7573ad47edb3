"""Prefix tuning: in every layer each token sees learned keys and values before its row; the base stays as it is.

Li and Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation", arXiv 2101.00190, section 4.
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.beginning import Beginning, shape_of
from overtone.methods.library import adapter_library
from overtone.methods.start import DESCRIPTION

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.families import Kind


class Prefix(Beginning):
    """Learned keys and values (a prefix) before the first token of every row, in every layer."""

    name: ClassVar[str] = "prefix"
    learning_rate: ClassVar[float] = 0.3
    reading_tokens: ClassVar[int] = 20
    reading_rate: ClassVar[float] = 3e-2
    keys: ClassVar[bool] = True
    projected_rate: ClassVar[float] = 0.01

    places: ClassVar[tuple[str, ...]] = ("start",)

    start: str | None = Field(None, description=DESCRIPTION)
    projection: int | None = Field(
        None,
        ge=1,
        description="width of a layer that makes all keys and values while they learn",
    )

    def usual_rate(self, kind: "Kind", width: int) -> float:
        """A layer that makes everything wants a far smaller rate than what it makes."""
        return super().usual_rate(kind, width) if self.projection is None else self.projected_rate

    def _config(self, body: Any) -> Any:
        """A projection is folded away in the file (section 4.3)."""
        if self.text is not None and self.projection is not None:
            raise UserError(
                "stages[0].method: a prefix made by a projection cannot start from a text: leave out one of them"
            )
        return adapter_library(self.name).PrefixTuningConfig(
            num_virtual_tokens=self.positions,
            prefix_projection=self.projection is not None,
            encoder_hidden_size=self.projection,
            **shape_of(body, body.config.hidden_size),
        )

    def _start(self, adapted: "nn.Module", body: Any) -> None:
        """The keys and values that the base itself computes for words (section 7.4)."""
        from overtone.engine.parent import LearnedRows

        if self.projection is not None:
            return
        words = LearnedRows(body.get_input_embeddings()(self._words(body)))
        numbers = (
            words.kept(body).permute(3, 0, 1, 2, 4).flatten(1)
        )  # the order of PEFT: (tokens, all the rest)
        learned: Any = adapted.prompt_encoder
        learned["default"].embedding.weight.copy_(numbers)
