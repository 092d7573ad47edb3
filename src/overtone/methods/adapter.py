"""Bottleneck adapters: small networks between the sub-layers of a frozen base, y + s U f(D x) with U = 0 at the start.

`houlsby` stand behind attention and behind the feed-forward of every layer, each before the sub-layer's output is
added to what went in (Houlsby et al. 2019, "Parameter-Efficient Transfer Learning for NLP", arXiv 1902.00751, section
2.1). `pfeiffer` stand behind the feed-forward alone (Pfeiffer et al. 2021, "AdapterFusion", arXiv 2005.00247, section
3.2.3), here too before the sum. `parallel` stand beside the feed-forward: x is what it reads (He et al. 2022,
"Towards a Unified View of Parameter-Efficient Transfer Learning", arXiv 2110.04366, section 4.6).
Files are in PEFT's format; `beneath_0`, `beneath_1` hold the adapters that an adapter stands upon.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.finished_adapters import check_finished, load_finished, numbered
from overtone.methods.library import adapter_library
from overtone.methods.library_adapter import LibraryAdapter
from overtone.methods.sublayers import (
    ATTENTION_OUTPUT,
    EXPERTS,
    FEED_FORWARD_INPUT,
    FEED_FORWARD_OUTPUT,
    among,
    called,
)

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision

WHERE = "stages[0].method.base_adapter"
NAME = "beneath"


class Adapter(LibraryAdapter):
    """Small networks (bottleneck adapters) behind or beside the sub-layers of a frozen base."""

    name: ClassVar[str] = "adapter"
    also_called: ClassVar[tuple[str, ...]] = ("bottleneck",)
    forms: ClassVar[Mapping[str, str]] = {
        "houlsby": "{name: adapter, kind: houlsby}",
        "pfeiffer": "{name: adapter, kind: pfeiffer}",
    }
    learning_rate: ClassVar[float] = 3e-3
    decoder_rates: ClassVar[tuple[float, float]] = (1e-2, 3e-4)  # Hu et al. 2023, arXiv 2304.01933
    merges: ClassVar[bool] = False
    places: ClassVar[tuple[str, ...]] = ("base_adapter",)

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        "reduction_factor": "reduction",
        "bottleneck_size": "width",
    }
    kind: Literal["houlsby", "pfeiffer", "parallel"] = Field(
        "pfeiffer", description="behind attention and feed-forward, behind the feed-forward, or beside it"
    )
    reduction: int = Field(16, ge=1, description="how many times narrower than the base's states it is")
    width: int | None = Field(None, ge=1, description="its width in numbers, instead of a reduction")
    activation: Literal["gelu", "relu", "silu", "tanh"] = Field("gelu", description="its activation")
    dropout: float = Field(0.0, ge=0, lt=1, description="dropout of its inner activations")
    scale: float = Field(1.0, gt=0, description="what its output is multiplied by")
    base_adapter: str | None = Field(
        None, description="folder of a finished adapter that stays as it is, and that the new one stands upon"
    )

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and put in the adapters; D is drawn from the seed, U is zero."""
        import torch

        beneath = [] if self.base_adapter is None else _pile(Path(self.base_adapter).expanduser())
        adapter_library(self.name)
        torch.manual_seed(seed)
        try:
            adapted = self._adapted(body, self._config(body))
        except ValueError as error:
            raise _no_such_layers(body) from error
        return _stand_upon(adapted, beneath)

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Put the saved adapter, and those that it stands upon, onto a freshly loaded base."""
        from overtone.methods.tuners import bottleneck  # noqa: F401  PEFT then knows the type

        loaded = super().load(base, folder, precision)
        _stand_upon(loaded.model, _pile(folder)[:-1], learns=False)
        return loaded

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Refused: it bends what passes through it."""
        raise UserError(
            f"what the method '{self.name}' learns is not linear and cannot be merged into the weights of the base: "
            "serve it as an adapter, or tune with lora"
        )

    def _config(self, body: Any) -> Any:
        from overtone.methods.tuners.bottleneck import BottleneckConfig

        paths = [path for path, _ in body.named_modules()]
        plain = among(paths, FEED_FORWARD_OUTPUT)
        ends = FEED_FORWARD_OUTPUT if plain else EXPERTS
        starts = FEED_FORWARD_INPUT if plain else EXPERTS
        places = {
            "houlsby": (*ATTENTION_OUTPUT, *ends),
            "pfeiffer": ends,
            "parallel": tuple(dict.fromkeys((*starts, *ends))),
        }
        return BottleneckConfig(
            width=self.width or max(1, body.config.hidden_size // self.reduction),
            activation=self.activation,
            dropout=self.dropout,
            scale=self.scale,
            target_modules=called(*places[self.kind]),
            listens=called(*starts) if self.kind == "parallel" else None,
        )


def _stand_upon(body: Any, folders: list[Path], learns: bool = True) -> "nn.Module":
    """Put finished adapters beneath the newest one, the first at the bottom; they do not learn."""
    names = load_finished(body, NAME, folders, WHERE)
    if names:
        body.base_model.set_adapter([*names, "default"], inference_mode=not learns)
        body.base_model.set_requires_grad(names, False)
    adapted: nn.Module = body
    return adapted


def _pile(folder: Path) -> list[Path]:
    """The folders of a finished adapter and of all that it stands upon, the lowest first."""
    check_finished(folder, WHERE)
    return [*numbered(folder, NAME), folder]


def _no_such_layers(body: Any) -> UserError:
    return UserError(
        f"stages[0].method: adapter knows no sub-layer of the family '{body.config.model_type}': choose lora"
    )
