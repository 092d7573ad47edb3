"""A measurement in a process of its own, so that its peak of memory is its own; what it found is kept as JSON."""

import json
import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError


def alone(kept: Path, work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any] | str:
    """What `work(*given)` finds in a new process, or what it left in `kept`; the reason where it is refused."""
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        told = pool.submit(_or_reason, work, *given).result()
    if not isinstance(told, str):
        kept.write_text(json.dumps(told), encoding="utf-8")
    return told


def peak_bytes() -> int:
    """The most memory that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _or_reason(work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any] | str:
    try:
        return work(*given)
    except UserError as error:
        return str(error)
