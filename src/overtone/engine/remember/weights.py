"""The digest of weights in memory: what a base really is at this moment, whatever its files say."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from torch import Tensor, nn

UNNAMED = ("_name_or_path", "transformers_version")  # where a model came from, not what it computes
_known: "WeakKeyDictionary[nn.Module, dict[Any, str]]" = WeakKeyDictionary()


def weights_digest(owner: "nn.Module", modules: "Mapping[str, nn.Module]", config: Any) -> str:
    """SHA-256 over the names, types, shapes and bytes of all weights and buffers, and over the configuration.

    `owner` is the model that the modules belong to. It takes 0.6 s a gigabyte; a digest is taken again only
    where a weight was changed, which a sum over all bytes shows in a tenth of that time, also where the change
    went past the version that torch counts.
    """
    settings = {key: value for key, value in config.to_dict().items() if key not in UNNAMED}
    head = json.dumps(settings, sort_keys=True, default=str)
    tensors = list(_tensors(modules))
    state = (head, tuple((name, *_state(tensor)) for name, tensor in tensors))
    known = _known.setdefault(owner, {})
    if state not in known:
        known.clear()  # earlier states of the same weights never come back
        known[state] = _digest(head, tensors)
    return known[state]


def _digest(head: str, tensors: "list[tuple[str, Tensor]]") -> str:
    digest = hashlib.sha256(head.encode())
    for name, tensor in tensors:
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
        digest.update(_bytes(tensor).numpy().data)
    return digest.hexdigest()


def _tensors(modules: "Mapping[str, nn.Module]") -> "Iterator[tuple[str, Tensor]]":
    for part, module in sorted(modules.items()):
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            yield f"{part}.{name}", tensor


def _state(tensor: "Tensor") -> tuple[int, int, int]:
    """Where a tensor lies, how often it was changed in place, and the sum of its bytes as 64-bit numbers."""
    version = 0 if tensor.is_inference() else tensor._version
    return tensor.data_ptr(), version, _sum(_bytes(tensor))


def _sum(flat: "Tensor") -> int:
    import torch

    whole = len(flat) // 8 * 8
    if flat.storage_offset() % 8:
        flat = flat.clone()
    return int(flat[:whole].view(torch.int64).sum()) + int(flat[whole:].sum())


def _bytes(tensor: "Tensor") -> "Tensor":
    import torch

    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
