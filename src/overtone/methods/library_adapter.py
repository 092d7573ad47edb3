"""What the methods share whose modules and files are PEFT's: adapter_model.safetensors and adapter_config.json."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from overtone.methods.library import adapter_library, known_warnings_silenced
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class LibraryAdapter(Method):
    """Modules of PEFT in or around a frozen base (abstract: it has no name)."""

    folder: ClassVar[str] = "adapter"

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the adapter alone, in PEFT's format."""
        body.save_pretrained(str(folder), save_embedding_layers=False)  # type: ignore[operator]

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Put the saved adapter onto a freshly loaded base."""
        from overtone.models.base import load_base

        loaded = load_base(base, precision)
        with known_warnings_silenced():
            adapted = adapter_library(self.name).PeftModel.from_pretrained(loaded.model, str(folder)).eval()
        return replace(loaded, model=adapted)

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Work each adapter into the weight that it stands beside."""
        merged: nn.Module = body.merge_and_unload()  # type: ignore[operator]
        return merged

    def _adapted(self, body: "nn.Module", config: Any) -> "nn.Module":
        """The body with new modules, frozen but for them; ValueError where it has no such layers."""
        with known_warnings_silenced():
            adapted: nn.Module = adapter_library(self.name).get_peft_model(body, config)
        return adapted


def stores_inputs_first(body: "nn.Module") -> bool:
    """Whether linear layers of the body keep their weight as (inputs, outputs), as GPT-2's do."""
    return any(kind.__name__ == "Conv1D" for module in body.modules() for kind in type(module).__mro__)
