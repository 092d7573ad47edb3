"""The encoder that embeds texts for search: the base named, the plan's own, or the one that is built in."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from overtone.models.base import Base

BUILTIN_ENCODER = "builtin:minilm"


class BaseEncoder:
    """Mean-pooled vectors of a base, computed once for each text and remembered where a store is open."""

    def __init__(self, base: "Base") -> None:
        self.base = base

    def embed(self, texts: Sequence[str]) -> Any:
        """Float32 vectors of unit length: (texts, hidden)."""
        from overtone.engine.features import embed

        return embed(self.base, texts)

    def cut(self, texts: Sequence[str]) -> int:
        """How many of the texts have more tokens than the context."""
        from overtone.models.text import encode_text

        return sum(len(encode_text(self.base, text)) > self.base.description.context for text in texts)


def load_encoder(name: str | None, base: "Callable[[], Base]") -> BaseEncoder:
    """The encoder called `name`; without a name the plan's base where it is one, else the built-in one.

    UserError where the base named does not exist; MissingExtra where the built-in one is not installed.
    """
    if name is None and base().description.kind == "encoder":
        return BaseEncoder(base())
    return BaseEncoder(_loaded(name or BUILTIN_ENCODER))


@cache
def _loaded(name: str) -> "Base":
    """A second index over the same encoder loads nothing."""
    from overtone.models.base import load_base

    return load_base(name)
