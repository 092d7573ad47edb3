"""Elementwise functions that run as one kernel on CUDA, where each of their steps would pass over memory by itself."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Tensor

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
BACKEND = "inductor"


def fused(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function compiled where that pays for its first argument, a tensor; as it stands elsewhere.

    Compiled it leaves no graph: it is a part of functions that write their backward pass by hand.
    """

    @cache
    def kernel(backend: str) -> Callable[Arguments, Result]:
        return torch.compile(function, dynamic=True, backend=backend)

    @wraps(function)
    def run(*arguments: Any, **settings: Any) -> Result:
        if torch.is_grad_enabled() or not pays(arguments[0]):
            return function(*arguments, **settings)
        return kernel(BACKEND)(*map(_alone, arguments), **settings)

    return run


def pays(tensor: Tensor) -> bool:
    """Whether steps on a tensor are bound by memory: on a CPU compiling was measured to gain 3 % in 28 seconds."""
    return tensor.is_cuda


def _alone(argument: Any) -> Any:
    """A tensor without its history, so that one kernel serves frozen and learning layers."""
    return argument.detach() if isinstance(argument, Tensor) else argument
