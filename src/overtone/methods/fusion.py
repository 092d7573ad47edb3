"""AdapterFusion: several finished adapters stay as they are, and attention in each place learns to weigh them.

Pfeiffer et al. 2021, "AdapterFusion: Non-Destructive Task Composition for Transfer Learning", arXiv 2005.00247, section
3.2.2. At the start they count nearly alike, and their sum passes unchanged. Files are in PEFT's format; `fused_0`,
`fused_1` hold the adapters.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.methods.finished_adapters import check_finished, load_finished, numbered
from overtone.methods.library import adapter_library
from overtone.methods.library_adapter import LibraryAdapter

if TYPE_CHECKING:
    from torch import nn

    from overtone.models.base import Base, Precision

WHERE = "stages[0].method.adapters"
NAME = "fused"


class Fusion(LibraryAdapter):
    """Several finished adapters stay as they are; attention over them learns (AdapterFusion)."""

    name: ClassVar[str] = "fusion"
    also_called: ClassVar[tuple[str, ...]] = ("adapter_fusion", "adapterfusion")
    learning_rate: ClassVar[float] = 3e-3
    decoder_rates: ClassVar[tuple[float, float]] = (3e-3, 3e-4)  # the wide one as of a single adapter
    merges: ClassVar[bool] = False
    places: ClassVar[tuple[str, ...]] = ("adapters",)

    adapters: list[str] = Field(min_length=1, description="folders of finished adapters of one kind and base")

    def attach(self, body: "nn.Module", seed: int) -> "nn.Module":
        """Freeze the body and put the adapters in; their weighing is drawn from the seed."""
        import torch

        adapter_library(self.name)
        folders = [Path(folder).expanduser() for folder in self.adapters]
        torch.manual_seed(seed)
        adapted = self._adapted(body, _config(folders))
        load_finished(adapted, NAME, folders, WHERE)
        return adapted

    def load(self, base: str, folder: Path, precision: "Precision" = "float32") -> "Base":
        """Put the saved weighing and the adapters that it weighs onto a freshly loaded base."""
        from overtone.methods.tuners import bottleneck  # noqa: F401  PEFT then knows the type

        loaded = super().load(base, folder, precision)
        load_finished(loaded.model, NAME, numbered(folder, NAME), WHERE)
        return loaded

    def merge(self, body: "nn.Module") -> "nn.Module":
        """Refused: it weighs anew at every place."""
        raise UserError(
            f"what the method '{self.name}' learns is not linear and cannot be merged into the weights of the base: "
            "serve it as an adapter, or tune with lora"
        )


def _config(folders: list[Path]) -> Any:
    """The settings of a fusion where all of the adapters stand; UserError where they stand in different places."""
    from overtone.methods.tuners.bottleneck import BottleneckConfig

    found = [check_finished(folder, WHERE) for folder in folders]
    built = [folder for folder in folders if any(folder.glob("beneath_*"))]
    if built or any(settings.get("fuses") for settings in found):
        raise UserError(
            f"{WHERE}: an adapter that builds upon others cannot be fused: give adapters that stand alone"
        )
    places = {(settings["target_modules"], settings["listens"]) for settings in found}
    if len(places) > 1:
        raise UserError(f"{WHERE}: the adapters stand in different places: give adapters of one kind")
    ((targets, listens),) = places
    names = [f"{NAME}_{place}" for place in range(len(folders))]
    return BottleneckConfig(target_modules=targets, listens=listens, fuses=names)
