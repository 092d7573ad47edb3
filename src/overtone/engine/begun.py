"""The library's own cache as a beginning of rows: for families that cannot take keys in place of tokens otherwise."""

from typing import Any

import torch
from torch import Tensor


def begun_cache(model: Any, beginning: Tensor, rows: int) -> Any:
    """The library's cache for rows that all begin alike: with keys and values (layers, 2, key heads, length, head).

    Gradients reach the beginning. Of an encoder-decoder it is the decoder's attention to itself that begins so.
    """
    from transformers import DynamicCache, EncoderDecoderCache

    two = model.config.is_encoder_decoder
    # An encoder-decoder's configuration would make the cache as deep as its encoder.
    cache = DynamicCache() if two else DynamicCache(config=model.config)
    for layer, parts in enumerate(beginning):
        keys, values = parts[:, None].expand(-1, rows, -1, -1, -1)
        cache.update(keys, values, layer)
    return EncoderDecoderCache(cache, DynamicCache()) if two else cache


def cached(model: Any, rows: Tensor) -> Tensor:
    """The keys and values that a decoder keeps of embeddings (length, hidden): (layers, 2, key heads, length, head).

    An encoder-decoder's decoder reads them without a source.
    """
    from transformers import DynamicCache

    cache = DynamicCache()
    stack = model.get_decoder() if model.config.is_encoder_decoder else model.base_model
    stack(inputs_embeds=rows[None], past_key_values=cache, use_cache=True)
    return torch.stack([torch.stack((layer.keys[0], layer.values[0])) for layer in cache.layers])
