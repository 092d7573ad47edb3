"""The parts of a decoder by role: what each module of a Llama-shaped model does, whatever it is called.

The modules are the model's own, adapters included, so weights are never copied and learning reaches them.
"""

from dataclasses import dataclass
from typing import Any

from torch import nn


@dataclass(frozen=True)
class Layer:
    """One decoder layer. Norms are root-mean-square norms; `gate`, `up`, `down` make down(silu(gate) * up)."""

    attention_norm: nn.Module
    query: nn.Module  # a linear layer, plain or with an adapter around it; so are the next six
    key: nn.Module
    value: nn.Module
    output: nn.Module
    query_norm: nn.Module | None  # over each head's vector, before rotation
    key_norm: nn.Module | None
    gate_norm: nn.Module
    gate: nn.Module
    up: nn.Module
    down: nn.Module
    rotates: bool  # whether queries and keys are turned by their positions
    window: int | None  # a token sees this many tokens at most, itself included


@dataclass(frozen=True)
class Decoder:
    """A decoder by role."""

    embedding: nn.Embedding
    layers: tuple[Layer, ...]
    norm: nn.Module
    projection: nn.Module  # to the vocabulary
    rotary: nn.Module  # (hidden, positions (rows, time)) to cosines and sines (rows, time, head size)
    heads: int
    key_heads: int
    head_size: int
    scale: float  # of the products of queries and keys
    dropout: float  # of the weights that queries give to keys


def decoder_roles(model: Any) -> Decoder:
    """The roles in a causal language model of a family that `models.families` declares lean."""
    body, config = model.base_model, model.config
    attention = body.layers[0].self_attn
    return Decoder(
        embedding=body.embed_tokens,
        layers=tuple(_layer(layer, config) for layer in body.layers),
        norm=body.norm,
        projection=model.get_output_embeddings(),
        rotary=body.rotary_emb,
        heads=config.num_attention_heads,
        key_heads=config.num_key_value_heads,
        head_size=attention.head_dim,
        scale=attention.scaling,
        dropout=attention.attention_dropout if attention.training else 0.0,
    )


def _layer(layer: Any, config: Any) -> Layer:
    attention, mlp = layer.self_attn, layer.mlp
    windowed = getattr(attention, "sliding_window", getattr(config, "sliding_window", None))
    return Layer(
        attention_norm=layer.input_layernorm,
        query=attention.q_proj,
        key=attention.k_proj,
        value=attention.v_proj,
        output=attention.o_proj,
        query_norm=getattr(attention, "q_norm", None),
        key_norm=getattr(attention, "k_norm", None),
        gate_norm=layer.post_attention_layernorm,
        gate=mlp.gate_proj,
        up=mlp.up_proj,
        down=mlp.down_proj,
        rotates=bool(getattr(attention, "use_rope", True)),
        window=windowed,
    )
