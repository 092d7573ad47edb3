"""Prefix tuning: in every layer each token sees learned keys and values before its row; the base stays as it is.

Of an encoder-decoder it stands before what the decoder writes, in its attention to itself, as in PEFT.

Li and Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation", arXiv 2101.00190, section 4.
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.beginning import TASK_TYPES, Beginning, kind_of
from overtone.methods.library import adapter_library
from overtone.methods.start import DESCRIPTION

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.families import Kind


class Prefix(Beginning):
    """Learned keys and values (a prefix) before the first token of every row, in every layer."""

    name: ClassVar[str] = "prefix"
    also_called: ClassVar[tuple[str, ...]] = ("prefix_tuning",)
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
            **keys_of(body),
        )

    def _start(self, adapted: "nn.Module", body: Any) -> None:
        """The keys and values that the base itself computes for words (section 7.4)."""
        from overtone.engine.parent import LearnedRows

        if self.projection is not None:
            return
        words = LearnedRows(body.get_input_embeddings()(self._words(body)))
        numbers = (
            words.kept(body).permute(3, 0, 1, 2, 4).flatten(2)
        )  # (tokens, layers, a layer's keys and values)
        learned: Any = adapted.prompt_encoder
        weight = learned["default"].embedding.weight
        weight.view(len(numbers), -1, numbers.shape[-1])[:, _places(body, numbers.shape[1])] = numbers


def keys_of(body: Any) -> dict[str, Any]:
    """What PEFT has to know of the keys and values of a body: their layers, heads and width, as the body makes them.

    PEFT (`PeftModel.get_prompt`) hands each layer of an encoder-decoder's decoder the next two of its list, and begins
    anew behind the end; the second is for the source, and is dropped. Of an odd number each layer gets one of its own,
    of an even one two layers share each that is used.
    """
    import torch

    from overtone.engine.parent import LearnedRows

    with torch.no_grad():
        word = body.get_input_embeddings()(torch.zeros(1, dtype=torch.long, device=body.device))
        layers, _, heads, _, width = LearnedRows(word).kept(body).shape
    two = body.config.is_encoder_decoder
    shape = {"num_layers": layers | 1 if two else layers, "num_attention_heads": heads}
    return {"task_type": TASK_TYPES[kind_of(body)], "token_dim": heads * width, **shape}


def _places(body: Any, layers: int) -> list[int]:
    """Where in PEFT's list the keys and values of each layer stand."""
    step = 2 if body.config.is_encoder_decoder else 1
    return [step * layer % (layers | 1) for layer in range(layers)]
