"""bitsandbytes, which packs weights into 4 or 8 bits: imported when it is needed, without network and in silence."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from overtone.core.errors import MissingExtra

PACKAGE = "bitsandbytes"
FETCHED = "kernels"  # with it bitsandbytes would fetch code from the hub while it is imported


def low_bit_library(precision: str) -> Any:
    """The library; MissingExtra, which names the precision, where it is not installed."""
    check_installed(precision)
    with _alone():
        import bitsandbytes
    return bitsandbytes


def check_installed(precision: str) -> None:
    """MissingExtra, which names the precision, where the library is not installed; it is not imported."""
    if find_spec(PACKAGE) is None:
        raise MissingExtra(f"precision {precision}", "quantized")


@contextmanager
def _alone() -> Iterator[None]:
    """Nothing is fetched, and nothing said of what could have been."""
    log, kept = logging.getLogger(f"{PACKAGE}.backends.cpu.ops"), sys.modules.get(FETCHED)
    level = log.level
    log.setLevel(logging.ERROR)
    sys.modules[FETCHED] = None  # type: ignore[assignment]  # an import of it then fails
    try:
        yield
    finally:
        log.setLevel(level)
        del sys.modules[FETCHED]
        if kept is not None:
            sys.modules[FETCHED] = kept
