"""(IA)3: learned vectors rescale keys, values and the inner activations of the feed-forward layers.

Liu et al. 2022, "Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than In-Context Learning",
arXiv 2205.05638, section 3.3. All vectors are ones at the start. Where one layer makes queries, keys and values
together, its vector rescales the queries too; experts that share one tensor have no vector of their own (Mixtral).
Files are PEFT's own: adapter_model.safetensors and adapter_config.json.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.library import adapter_library
from overtone.methods.library_adapter import LibraryAdapter, stores_inputs_first
from overtone.methods.start import DESCRIPTION, begin_from, started_settings
from overtone.methods.sublayers import FEED_FORWARD_OUTPUT, called

if TYPE_CHECKING:
    from torch import nn

# How the families call the layers that make keys and values.
KEYS_AND_VALUES = (
    *("k", "v", "key", "value", "k_proj", "v_proj", "key_proj", "value_proj", "k_lin", "v_lin"),
    *("c_attn", "query_key_value", "qkv_proj", "Wqkv"),  # with the queries
)


class Ia3(LibraryAdapter):
    """Learned vectors rescale keys, values and inner activations."""

    name: ClassVar[str] = "ia3"
    learning_rate: ClassVar[float] = 3e-2
    places: ClassVar[tuple[str, ...]] = ("start",)

    start: str | None = Field(None, description=DESCRIPTION)

    def started(self) -> Self:
        """Checked: the vectors have no settings of their own."""
        if self.start is not None:
            started_settings(self.start, self.name)
        return self

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and add the vectors, which are ones; nothing is drawn."""
        if self.start is not None:
            return begin_from(body, self.start, self.name, "ia3_")
        config = adapter_library(self.name).IA3Config(
            target_modules=called(*KEYS_AND_VALUES, *FEED_FORWARD_OUTPUT),
            feedforward_modules=called(*FEED_FORWARD_OUTPUT),
            fan_in_fan_out=stores_inputs_first(body),
        )
        try:
            return self._adapted(body, config)
        except ValueError as error:
            raise _no_such_layers(body) from error


def _no_such_layers(body: Any) -> UserError:
    return UserError(
        f"stages[0].method: ia3 knows no layer of the family '{body.config.model_type}' that makes keys or values: "
        "choose lora"
    )
