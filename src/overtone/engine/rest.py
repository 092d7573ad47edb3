"""A model at rest: in evaluation mode for a while, whatever mode its parts were in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


@contextmanager
def at_rest(model: "nn.Module") -> Iterator[None]:
    """The model in evaluation mode; afterwards each module in the mode that it was in."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
