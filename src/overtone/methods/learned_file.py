"""Learned weights alone in a folder: `learned.safetensors`, with `learned.json` that says what they are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overtone.core.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS, CARD = "learned.safetensors", "learned.json"


def write_learned(folder: Path, weights: "Mapping[str, Tensor]", method: str, body: Any) -> None:
    """Write the weights under their names, with the method and the family of the body that they are of."""
    from safetensors.torch import save_file

    tensors = {name: weight.detach().contiguous() for name, weight in weights.items()}
    card = {"format": 1, "method": method, "family": body.config.model_type, "tensors": len(tensors)}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / WEIGHTS)
    (folder / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")


def learned_names(folder: Path) -> list[str]:
    """The names of the weights that were written."""
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS, "pt") as file:
        return list(file.keys())


def read_learned(folder: Path, weights: "Mapping[str, Tensor]", base: str) -> None:
    """Put what was written into these weights of a base; UserError where names or shapes are others."""
    import torch
    from safetensors.torch import load_file

    tensors = load_file(folder / WEIGHTS)
    if _shapes(tensors) != _shapes(weights):
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        raise UserError(
            f"{folder} holds {card['tensors']} weights that the method '{card['method']}' learned on a base of the "
            f"family '{card['family']}', and they do not fit '{base}': load them onto the base that they were "
            "learned on"
        )
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(tensors[name])


def _shapes(tensors: "Mapping[str, Tensor]") -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}
