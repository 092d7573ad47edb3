"""Low-rank adapters that requests bring along: many different ones may answer in one batch.

A layer gives W x + B A x (Hu et al. 2021, "LoRA", arXiv 2106.09685, section 4.1), with the scale inside B.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from overtone.core.errors import UserError, nearest

PREFIX = "base_model.model."  # stands before every path in PEFT's files
DOWN, UP = ".lora_A.weight", ".lora_B.weight"
PLAIN = {
    "peft_type": "LORA",
    "use_dora": False,
    "bias": "none",
    "modules_to_save": None,
    "fan_in_fan_out": False,
}


@dataclass(frozen=True)
class Pair:
    """What is added to one linear layer."""

    down: Tensor  # A: (rank, inputs)
    up: Tensor  # scale times B: (outputs, rank)


@dataclass(frozen=True, eq=False)
class Adapter:
    """Pairs by the path of the linear layer in the base model, such as `model.layers.0.self_attn.q_proj`."""

    pairs: Mapping[str, Pair]

    @property
    def rank(self) -> int:
        """The largest rank of its pairs."""
        return max(len(pair.down) for pair in self.pairs.values())


def read_adapter(folder: Path) -> Adapter:
    """An adapter from a folder in PEFT's format; UserError where it is no plain LoRA."""
    from safetensors.torch import load_file

    try:
        settings = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        tensors = load_file(folder / "adapter_model.safetensors")
    except FileNotFoundError as error:
        raise UserError(f"{folder} holds no adapter: {Path(error.filename).name} is missing") from None
    for name, value in PLAIN.items():
        if (settings.get(name) or None) != (value or None):
            raise UserError(
                f"{folder}: an adapter with {name} {settings.get(name)!r} cannot answer beside others; merge it, or "
                f"train one with {name} {value!r}"
            )
    paths = sorted({name.removesuffix(DOWN) for name in tensors if name.endswith(DOWN)})
    if not paths or len(tensors) != 2 * len(paths):
        raise UserError(f"{folder}: the adapter holds more than low-rank pairs; merge it to answer with it")
    pairs = {}
    for path in paths:
        down, up = tensors[path + DOWN], tensors[path + UP]
        pairs[path.removeprefix(PREFIX)] = Pair(down, up * _scale(settings, path, len(down)))
    return Adapter(pairs)


def adapter_of(model: Any, name: str = "default") -> Adapter:
    """The adapter called `name` of a model that PEFT has wrapped."""
    if any(getattr(module, "lora_variant", None) for module in model.get_base_model().modules()):
        raise UserError(f"the adapter '{name}' is more than low-rank pairs; merge it to answer with it")
    pairs = {
        path: Pair(
            module.lora_A[name].weight.detach(), module.lora_B[name].weight.detach() * module.scaling[name]
        )
        for path, module in model.get_base_model().named_modules()
        if name in getattr(module, "lora_A", ())
    }
    if not pairs:
        known = getattr(model, "peft_config", {})
        raise UserError(f"the model has no low-rank adapter '{name}'.{nearest(name, known)}")
    return Adapter(pairs)


def _scale(settings: Mapping[str, Any], path: str, rank: int) -> float:
    """Alpha over rank, or over its square root (Kalajdzievski 2023, arXiv 2312.03732, theorem 3.2)."""
    patterns = settings.get("alpha_pattern") or {}
    named = [alpha for pattern, alpha in patterns.items() if path.endswith(pattern)]
    alpha: float = named[0] if named else settings["lora_alpha"]
    return alpha / (rank**0.5 if settings.get("use_rslora") else rank)
