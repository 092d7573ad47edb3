"""A lean decoder as decoding reads it: joined and packed weights by role, made once a model."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.nn.functional import rms_norm

from overtone.engine.column import columns_of
from overtone.engine.lean import roles
from overtone.generate.product import Product
from overtone.models.families import FAMILIES

GROWING = ("dynamic", "longrope")  # rotations that change with the length of the text


@dataclass(frozen=True)
class Norm:
    """A root-mean-square norm over the last dimension."""

    weight: Tensor
    epsilon: float

    def __call__(self, states: Tensor) -> Tensor:
        """The same shape, normed."""
        return rms_norm(states, self.weight.shape, self.weight, self.epsilon)


@dataclass(frozen=True)
class Layer:
    """One decoder layer; `queries` gives queries, keys and values, `gate` the gate and what it lets through."""

    attention_norm: Norm
    queries: Product
    query_norm: Norm | None
    key_norm: Norm | None
    output: Product
    gate_norm: Norm
    gate: Product
    down: Product
    rotates: bool
    window: int | None


@dataclass(frozen=True)
class Network:
    """A decoder with packed weights."""

    embedding: Tensor  # (vocabulary, hidden)
    layers: tuple[Layer, ...]
    norm: Norm
    projection: Product
    rotary: nn.Module
    heads: int
    key_heads: int
    head_size: int
    scale: float

    @property
    def products(self) -> Iterator[Product]:
        """Every product of the network."""
        for layer in self.layers:
            yield from (layer.queries, layer.output, layer.gate, layer.down)
        yield self.projection

    @cached_property
    def windows(self) -> frozenset[int | None]:
        """The different windows of its layers."""
        return frozenset(layer.window for layer in self.layers)

    @cached_property
    def _rotations(self) -> list[Tensor]:
        return []

    def rotation(self, positions: Tensor, longest: int) -> Tensor:
        """Cosines and signed sines of positions below `longest`: (rows, 2, 1, head size)."""
        if not self._rotations or len(self._rotations[0]) < longest:
            self._rotations[:] = [self._rotation_table(1 << (longest - 1).bit_length())]
        return self._rotations[0].index_select(0, positions)

    def _rotation_table(self, length: int) -> Tensor:
        """The first half of the sines is negated, so that half a turn of a vector needs no negation."""
        positions = torch.arange(length, device=self.embedding.device)[None]
        cosines, sines = self.rotary(self.embedding[:1, None], positions)
        signs = torch.ones_like(sines[0, 0])
        signs[: self.head_size // 2] = -1
        return torch.stack([cosines[0], sines[0] * signs], dim=1)[:, :, None]


def network_of(model: Any) -> Network:
    """The network of a causal language model that `is_lean`, its active adapters merged; built anew on change."""
    built = _NETWORKS.get(model)
    now = _stamp(model)
    if built is None or built[0] != now:
        with torch.no_grad():
            built = _NETWORKS[model] = (now, _build(model))
    return built[1]


def is_lean(model: Any) -> bool:
    """Whether the model's family is declared lean and all its parts are what that family is made of."""
    family = FAMILIES.get(model.config.model_type)
    if family is None or not family.lean or columns_of(model):
        return False
    decoder = roles.decoder_roles(model)
    linear = [decoder.projection]
    for layer in decoder.layers:
        linear += [layer.query, layer.key, layer.value, layer.output, layer.gate, layer.up, layer.down]
    fixed = getattr(decoder.rotary, "rope_type", "default") not in GROWING
    return fixed and type(decoder.embedding) is nn.Embedding and all(map(_is_linear, linear))


_NETWORKS: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Network]] = WeakKeyDictionary()


def _is_linear(module: Any) -> bool:
    inner = module.get_base_layer() if hasattr(module, "lora_A") else module
    return type(inner) is nn.Linear


def _stamp(model: Any) -> tuple[Any, ...]:
    """What the network depends on. Some code writes to `weight.data`, which no version counts: a few values tell."""
    weights = [
        (
            weight.data_ptr(),
            0 if weight.is_inference() else weight._version,
            float(weight.detach().flatten()[:8].sum()),
        )
        for weight in model.parameters()
    ]
    adapters = [
        (tuple(module.active_adapters), module.disable_adapters, module.merged)
        for module in model.modules()
        if hasattr(module, "lora_A")
    ]
    return (*weights, *adapters)


def _build(model: Any) -> Network:
    decoder = roles.decoder_roles(model)
    paths = {id(module): path for path, module in model.named_modules()}

    def product(key: str, *modules: nn.Module) -> Product:
        return Product(key, [(paths[id(module)], module) for module in modules])

    layers = tuple(
        Layer(
            attention_norm=_norm(layer.attention_norm),
            queries=product(f"{index}.queries", layer.query, layer.key, layer.value),
            query_norm=None if layer.query_norm is None else _norm(layer.query_norm),
            key_norm=None if layer.key_norm is None else _norm(layer.key_norm),
            output=product(f"{index}.output", layer.output),
            gate_norm=_norm(layer.gate_norm),
            gate=product(f"{index}.gate", layer.gate, layer.up),
            down=product(f"{index}.down", layer.down),
            rotates=layer.rotates,
            window=layer.window,
        )
        for index, layer in enumerate(decoder.layers)
    )
    return Network(
        embedding=decoder.embedding.weight.detach(),
        layers=layers,
        norm=_norm(decoder.norm),
        projection=product("projection", decoder.projection),
        rotary=decoder.rotary,
        heads=decoder.heads,
        key_heads=decoder.key_heads,
        head_size=decoder.head_size,
        scale=decoder.scale,
    )


def _norm(module: Any) -> Norm:
    return Norm(module.weight.detach(), module.variance_epsilon)
