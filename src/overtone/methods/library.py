"""PEFT, whose modules and files the adapters are: imported when it is needed, without what nobody can act on."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from overtone.core.errors import MissingExtra
from overtone.models.low_bits import PACKAGE, low_bit_library


def adapter_library(method: str) -> Any:
    """The library; MissingExtra, which names the method, where it is not installed."""
    if find_spec(PACKAGE):
        low_bit_library(PACKAGE)  # PEFT imports it wherever it is installed
    try:
        import peft
    except ImportError:
        raise MissingExtra(f"method {method}", "train") from None
    return peft


@contextmanager
def known_warnings_silenced() -> Iterator[None]:
    """Nothing that a user can act on.

    PEFT 0.21 reads a property that transformers 5.23 renames, and looks for the ranks that it has itself written
    down for experts (Mixtral) among modules, where they are weights.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        warnings.filterwarnings(
            "ignore", "The following (rank|alpha)_pattern keys did not match", RuntimeWarning
        )
        yield
