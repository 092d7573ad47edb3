"""Overtone: decide by measurement whether to fine-tune a language model, then tune, prove and serve it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["load_plan", "predict", "run"]

if TYPE_CHECKING:
    from overtone.api import load_plan, predict, run


def __getattr__(name: str) -> Any:
    """Import the Python API only when it is used, so that `import overtone` stays light."""
    if name in __all__:
        return getattr(import_module("overtone.api"), name)
    raise AttributeError(f"module 'overtone' has no attribute '{name}'")
