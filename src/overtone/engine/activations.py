"""What the backward pass needs of the forward pass: kept where it is, computed again, or moved to main memory.

Computed again (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", arXiv 1604.06174, section 4), each
layer keeps its input alone and runs twice, with the same draws of dropout. Moved, tensors wait in page-locked memory
until the backward pass asks for them; weights stay where they are. The gradients are those of tensors that were kept.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.checkpoint import checkpoint

from overtone.core.errors import UserError
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.parent import LearnedKeys, parent_of

LEAST = 1 << 16  # bytes: smaller tensors are not worth a copy there and back

_again: ContextVar[bool] = ContextVar("overtone_recompute", default=False)


def keeping(activations: str, body: Any) -> AbstractContextManager[None]:
    """Around a forward pass: `keep`, `recompute` or `offload` what its backward pass needs."""
    return WAYS[activations](body)


def check_activations(activations: str, body: Any) -> None:
    """UserError where the body cannot do what is asked, or where it would change nothing."""
    model = plain(body)
    if activations == "offload" and model.device.type == "cpu":
        raise UserError(
            "stages[0].activations: 'offload' moves activations from a device to main memory, and this training runs "
            "in main memory already: choose keep or recompute"
        )
    if (
        activations == "recompute"
        and layout_of(body).name == "padded"
        and isinstance(parent_of(body), LearnedKeys)
    ):
        raise UserError(
            f"stages[0].activations: the layers of {type(model).__name__} find a learned prefix in their cache, which "
            "none has that is computed again: choose keep or offload"
        )
    if activations == "recompute" and layout_of(body).name != "lean" and not _layers(model):
        raise UserError(
            f"stages[0].activations: the layers of {type(model).__name__} cannot be computed again one by one: choose "
            "keep or offload"
        )


def again(step: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A step of the forward pass, computed again in the backward pass where that is asked for."""
    return partial(checkpoint, step, use_reentrant=False) if _again.get() else step


@contextmanager
def _recomputing(body: Any) -> Iterator[None]:
    """The engine's own layers ask `again`; those of transformers have a switch each."""
    from overtone.models.attention import StillReplaced

    switched = {layer: layer.gradient_checkpointing for layer in _layers(plain(body))}
    repeat = partial(checkpoint, use_reentrant=False, context_fn=lambda: (nullcontext(), StillReplaced()))
    token = _again.set(True)
    try:
        for layer in switched:
            layer.gradient_checkpointing, layer._gradient_checkpointing_func = True, repeat
        yield
    finally:
        for layer, before in switched.items():
            layer.gradient_checkpointing = before
        _again.reset(token)


def _layers(model: Any) -> list[Any]:
    """The modules of a transformers model that can be computed again."""
    return [module for module in model.modules() if hasattr(module, "gradient_checkpointing")]


def _offloading(body: Any) -> AbstractContextManager[None]:
    weights = {weight.untyped_storage().data_ptr() for weight in plain(body).parameters()}

    def pack(tensor: Tensor) -> tuple[torch.device, Tensor]:
        small = tensor.numel() * tensor.element_size() < LEAST
        if small or tensor.untyped_storage().data_ptr() in weights:
            return tensor.device, tensor.detach()
        locked = tensor.is_cuda
        away = torch.empty_like(tensor, device="cpu", pin_memory=locked)
        return tensor.device, away.copy_(tensor, non_blocking=locked)

    def unpack(packed: tuple[torch.device, Tensor]) -> Tensor:
        device, tensor = packed
        return tensor.to(device, non_blocking=True)

    hooks: AbstractContextManager[None] = saved_tensors_hooks(pack, unpack)
    return hooks


WAYS: dict[str, Callable[[Any], AbstractContextManager[None]]] = {
    "keep": lambda body: nullcontext(),
    "recompute": _recomputing,
    "offload": _offloading,
}
