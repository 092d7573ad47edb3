"""A recipe: everything that the bytes of remembered work depend on, beside the row itself."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import overtone
from overtone.engine.remember.weights import weights_digest

if TYPE_CHECKING:
    import torch
    from torch import nn

PACKAGES = ("torch", "transformers", "peft", "bitsandbytes")
OWN_ATTENTION = ("flat", "lean")  # layouts in which the engine sets the attention, when it first computes


@dataclass(frozen=True)
class Recipe:
    """How work is computed. Two recipes that differ in any field but `name` never share an entry."""

    name: str  # what people call the base
    base: str  # digest of its weights and configuration, see `weights_digest`
    kind: str  # of work: pooled features, hidden states, log-probabilities
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the work: its depth, its pooling
    layout: str = "padded"
    precision: str = "float32"
    device: str = ""
    threads: int = 1
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over all fields but the name."""
        acts = {key: value for key, value in asdict(self).items() if key != "name"}
        return hashlib.sha256(json.dumps(acts, sort_keys=True).encode()).hexdigest()


def make_recipe(
    name: str,
    model: Any,
    kind: str,
    settings: Mapping[str, Any],
    layout: str,
    modules: "Mapping[str, nn.Module] | None" = None,
) -> Recipe:
    """The recipe of work on a loaded model of transformers, on this machine, now.

    `modules` are those that the work runs through, all of the model where they are not given. The number of
    threads counts: a product may be split among them in another order of summation.
    """
    import torch

    from overtone.models.quantised import precision_of

    weight = next(model.parameters())
    return Recipe(
        name=name,
        base=weights_digest(model, modules or {"model": model}, model.config),
        kind=kind,
        settings=settings,
        layout=layout if layout in OWN_ATTENTION else f"{layout}, {model.config._attn_implementation}",
        precision=f"{precision_of(model)}, {weight.dtype}, products {torch.get_float32_matmul_precision()}",
        device=_device(weight.device),
        threads=torch.get_num_threads(),
        versions=versions(),
    )


def _device(device: "torch.device") -> str:
    """The kind of processor: another one may run other kernels, which round in another order."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{device.type} {platform.machine()} {torch.backends.cpu.get_cpu_capability()} {_processor()}"


@cache
def _processor() -> str:
    """The processor's maker and model, where the system tells them."""
    source = Path("/proc/cpuinfo")
    told = source.read_text().split("\n\n")[0].splitlines() if source.exists() else []
    return next((line.split(":")[1].strip() for line in told if line.startswith("model name")), "")


@cache
def versions() -> Mapping[str, str]:
    """Versions of the libraries that compute, and of this engine: its release and the digest of its sources."""
    found = {package: _version(package) for package in PACKAGES}
    return {**found, "overtone": overtone.__version__, "engine": _sources(Path(__file__).parents[1])}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _sources(folder: Path) -> str:
    """A development tree changes between releases; what it computes may change with any line of the engine."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()} ".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
