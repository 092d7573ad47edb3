"""Refuse, before anything is loaded, a model folder that could run code: remote code and pickles.

Checkpoints in pickle form and `auto_map` entries have run code in several tools even where they were
told not to (CVE-2025-32434, CVE-2026-22807, CVE-2026-4372), so the folder itself is inspected.
"""

import json
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError

PICKLES = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".h5", ".msgpack", ".joblib"}
CODE_KEYS = {"auto_map", "custom_pipelines", "trust_remote_code"}


def check_folder(folder: Path, name: str, weights: bool = True) -> None:
    """UserError where the folder holds Python files, a config that names code, or only pickled weights."""
    scripts = sorted(path.name for path in folder.glob("*.py"))
    if scripts:
        raise UserError(
            f"base '{name}' brings its own code ({scripts[0]}), which is never run: use another base."
        )
    for path in sorted(folder.glob("*.json")):
        if key := _names_code(_read(path, name)):
            raise UserError(
                f"base '{name}': {path.name} asks for remote code ('{key}'), which is never run: use another base."
            )
    if weights and not any(folder.glob("*.safetensors")):
        pickled = sorted(path.name for path in folder.iterdir() if path.suffix in PICKLES)
        found = f"only pickled weights ({pickled[0]})" if pickled else "no weights"
        raise UserError(
            f"base '{name}' has {found}: Overtone loads safetensors only. Convert it in a place that you trust "
            "(`save_pretrained` of transformers writes safetensors), then give that folder."
        )


def _read(path: Path, name: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"base '{name}': {path.name} is not valid JSON ({error}): get the file again."
        ) from None


def _names_code(value: Any) -> str | None:
    """The first key, at any depth, that asks for code."""
    open_values = [value]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            if found := next((key for key in CODE_KEYS if value.get(key)), None):
                return found
            open_values += value.values()
        elif isinstance(value, list):
            open_values += value
    return None
