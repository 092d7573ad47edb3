"""Where remembered work lies and how much room it may take: the settings `OVERTONE_CACHE` and `..._GIGABYTES`."""

import math
import os
from pathlib import Path

from overtone.core.errors import UserError

FOLDER, GIGABYTES = "OVERTONE_CACHE", "OVERTONE_CACHE_GIGABYTES"
USUAL_GIGABYTES = 10.0


def cache_folder() -> Path:
    """The folder that `OVERTONE_CACHE` names, or `overtone` in the user's cache folder (XDG base directories)."""
    if os.environ.get(FOLDER):
        return Path(os.environ[FOLDER]).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "overtone"


def limit_bytes() -> int:
    """The most that remembered work may take, 10 GB where nothing is set; 0 remembers nothing."""
    written = os.environ.get(GIGABYTES, "")
    try:
        number = float(written) if written else USUAL_GIGABYTES
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise UserError(
            f"the environment's {GIGABYTES} is '{written}'; give a number of gigabytes from 0 (nothing is "
            f"remembered), such as {USUAL_GIGABYTES:g}."
        )
    return int(number * 1e9)
