"""Finished bottleneck adapters that a new one builds on: they are loaded beside it and do not learn."""

import json
import warnings
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.methods.library import known_warnings_silenced

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
TYPE = "BOTTLENECK"


def check_finished(folder: Path, where: str) -> dict[str, Any]:
    """The settings of a finished adapter; UserError, which names the setting `where`, if the folder holds none."""
    if not (folder / CONFIG).is_file():
        raise UserError(
            f"{where}: {folder} holds no finished adapter ({CONFIG} is missing): give the folder 'adapter' of a "
            "finished run"
        )
    settings: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    if settings.get("peft_type") != TYPE:
        raise UserError(
            f"{where}: {folder} holds an adapter of the type {settings.get('peft_type')}; only what the method "
            "'adapter' made can be built upon"
        )
    return settings


def numbered(folder: Path, prefix: str) -> list[Path]:
    """The folders in which an adapter keeps those that it builds on, in their order."""
    return sorted(folder.glob(f"{prefix}_*"), key=lambda one: int(one.name.rsplit("_", 1)[1]))


def load_finished(body: Any, prefix: str, folders: list[Path], where: str) -> list[str]:
    """Load each folder's adapter beside those that are there, and give their names; none becomes active."""
    names = [f"{prefix}_{place}" for place in range(len(folders))]
    for name, folder in zip(names, folders, strict=True):
        if not _loads(body, name, folder):
            raise UserError(
                f"{where}: the adapter in {folder} was learned on a base of another shape: give one of this base"
            )
    return names


def _loads(body: Any, name: str, folder: Path) -> bool:
    """Load an adapter; whether all of its weights found their place, and all places their weights."""
    from peft import get_peft_model_state_dict
    from safetensors import safe_open

    with known_warnings_silenced():
        warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
        try:
            body.load_adapter(str(folder), name)
        except RuntimeError:  # a tensor of another shape
            return False
    places = get_peft_model_state_dict(body, adapter_name=name, save_embedding_layers=False)
    with safe_open(folder / WEIGHTS, "pt") as file:
        return set(file.keys()) == set(places)
