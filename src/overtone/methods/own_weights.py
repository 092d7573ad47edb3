"""What the methods share that train a few weights of the base's own: nothing is added to the base."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from overtone.core.errors import UserError
from overtone.methods.learned_file import read_learned, write_learned
from overtone.methods.method import Method

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision


class OwnWeights(Method):
    """Some of the base's own weights learn, the others stay as they are (abstract: it has no name)."""

    folder: ClassVar[str] = "adapter"

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Let the chosen weights learn and freeze the others; UserError where the base has none of them."""
        chosen = self._chosen(body)
        if not chosen:
            raise self._none(body)
        body.requires_grad_(False)
        for weight in chosen.values():
            weight.requires_grad_(True)
        return body

    def save(self, body: "nn.Module", folder: Path) -> None:
        """Write the chosen weights alone, under their names in the base."""
        write_learned(folder, self._chosen(body), self.name, body)

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Put the saved weights into a freshly loaded base; UserError where they are those of another shape."""
        from overtone.models.base import load_base

        loaded = load_base(base, precision)
        read_learned(folder, self._chosen(loaded.model), base)
        return loaded

    def merge(self, body: "nn.Module") -> "nn.Module":
        """The weights are plain already."""
        return body

    def _chosen(self, body: "nn.Module") -> "dict[str, nn.Parameter]":
        """The weights that learn, by name. An encoder's pooler stands beside the path to features: it is left out."""
        return {
            f"{path}.{name}" if path else name: weight
            for path, module in body.named_modules()
            for name, weight in module.named_parameters(recurse=False)
            if self._learns(module, name) and not path.startswith("pooler")
        }

    def _learns(self, module: "nn.Module", name: str) -> bool:
        """Whether a module's own weight of that name learns."""
        raise NotImplementedError

    def _none(self, body: "nn.Module") -> UserError:
        """What to say of a base that has no such weights."""
        raise NotImplementedError
