"""What the methods share that train a few weights of the base's own: nothing is added to the base.

The learned weights are kept alone, in `learned.safetensors`, with `learned.json` that says what they are.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from overtone.core.errors import UserError
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import Tensor, nn

    from overtone.models.base import Base

WEIGHTS, CARD = "learned.safetensors", "learned.json"


class OwnWeights(Method):
    """Some of the base's own weights learn, the others stay as they are (abstract: it has no name)."""

    folder: ClassVar[str] = "adapter"

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Let the chosen weights learn and freeze the others; UserError where the base has none of them."""
        chosen = self._chosen(body)
        if not chosen:
            raise self._none(body)
        body.requires_grad_(False)
        for weight in chosen.values():
            weight.requires_grad_(True)
        return body

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the chosen weights alone, under their names in the base."""
        from safetensors.torch import save_file

        tensors = {name: weight.detach().contiguous() for name, weight in self._chosen(body).items()}
        card = {"format": 1, "method": self.name, "family": _family(body), "tensors": len(tensors)}
        folder.mkdir(parents=True, exist_ok=True)
        save_file(tensors, folder / WEIGHTS)
        (folder / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")

    def load(self, base: str, folder: Path) -> "Base":
        """Put the saved weights into a freshly loaded base; UserError where they are those of another shape."""
        import torch
        from safetensors.torch import load_file

        from overtone.models.base import load_base

        loaded, tensors = load_base(base), load_file(folder / WEIGHTS)
        chosen = self._chosen(loaded.model)
        if _shapes(tensors) != _shapes(chosen):
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            raise UserError(
                f"{folder} holds {card['tensors']} weights that the method '{card['method']}' learned on a base of the "
                f"family '{card['family']}', and they do not fit '{base}': load them onto the base that they were "
                "learned on"
            )
        with torch.no_grad():
            for name, weight in chosen.items():
                weight.copy_(tensors[name])
        return loaded

    def merge(self, body: "nn.Module") -> "nn.Module":
        """The weights are plain already."""
        return body

    def _chosen(self, body: "nn.Module") -> "dict[str, nn.Parameter]":
        """The weights that learn, by name. An encoder's pooler stands beside the path to features: it is left out."""
        return {
            f"{path}.{name}" if path else name: weight
            for path, module in body.named_modules()
            for name, weight in module.named_parameters(recurse=False)
            if self._learns(module, name) and not path.startswith("pooler")
        }

    def _learns(self, module: "nn.Module", name: str) -> bool:
        """Whether a module's own weight of that name learns."""
        raise NotImplementedError

    def _none(self, body: "nn.Module") -> UserError:
        """What to say of a base that has no such weights."""
        raise NotImplementedError


def _family(body: Any) -> str:
    family: str = body.config.model_type
    return family


def _shapes(tensors: "Mapping[str, Tensor]") -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}
