"""Checkpoints: safetensors and JSON, whole or not at all, found again newest first.

A checkpoint is a folder that gets its final name only when every file in it is on the disk. Its
`state.json` holds a hash of each file, so that a damaged one is passed over for the one before it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

KEPT = 2


def save_folder(folder: Path, tensors: dict[str, dict[str, Tensor]], state: dict[str, Any]) -> None:
    """Write `tensors` (file name to tensors) and `state` as one folder, replacing an older one."""
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, group in tensors.items():
        save_file(
            {key: value.contiguous() for key, value in group.items()}, unfinished / f"{name}.safetensors"
        )
    hashes = {path.name: _hash(path) for path in sorted(unfinished.iterdir())}
    (unfinished / "state.json").write_text(json.dumps({**state, "files": hashes}, indent=1), encoding="utf-8")
    for path in unfinished.iterdir():
        _flush(path)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    _flush(folder.parent)


def load_folder(folder: Path) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]] | None:
    """Read a folder back; None where it is absent, unfinished or damaged."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        if any(_hash(folder / name) != digest for name, digest in state["files"].items()):
            return None
        return {Path(name).stem: load_file(folder / name) for name in state["files"]}, state
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class Checkpoints:
    """The checkpoints of one training: numbered ones to resume from, and the best by validation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, step: int, tensors: dict[str, dict[str, Tensor]], state: dict[str, Any]) -> None:
        """Keep the state after `step` updates; all but the newest two go."""
        save_folder(self.folder / f"step-{step:07d}", tensors, {**state, "step": step})
        for old in list(self._newest_first())[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def newest(self) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]] | None:
        """The newest checkpoint that is whole."""
        return next((found for folder in self._newest_first() if (found := load_folder(folder))), None)

    def drop_numbered(self) -> None:
        """Let the numbered ones go, once the training is over and its artifact is kept; the best stays."""
        for folder in self._newest_first():
            shutil.rmtree(folder, ignore_errors=True)

    def save_best(self, weights: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Keep the best weights so far."""
        save_folder(self.folder / f"best-{state['step']:07d}", {"weights": weights}, state)

    def best(self, step: int) -> dict[str, Tensor] | None:
        """The weights kept as the best at `step`; older bests are let go."""
        found = load_folder(self.folder / f"best-{step:07d}")
        return found[0]["weights"] if found else None

    def forget_other_bests(self, step: int) -> None:
        """Drop every best but that of `step`, once a checkpoint that names it is on the disk."""
        for folder in self.folder.glob("best-*"):
            if folder.name != f"best-{step:07d}":
                shutil.rmtree(folder, ignore_errors=True)

    def _newest_first(self) -> Iterator[Path]:
        return iter(sorted(self.folder.glob("step-*"), reverse=True))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Force a file or a folder's entries onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
