"""Peak memory of a stretch of work, above what the process held when it began."""

import gc
import resource
import sys
from pathlib import Path

from overtone.engine.allocator import give_back_freed

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
UNIT = 1024 if sys.platform != "darwin" else 1  # getrusage counts KiB on Linux and bytes on macOS


class PeakMemory:
    """Starts when made. Linux forgets its highest mark on request; elsewhere only a new peak is seen."""

    def __init__(self) -> None:
        _give_back_freed()
        self._exact = _forget_peak()
        self._start = _kernel("VmRSS") if self._exact else _process_peak()

    def megabytes(self) -> float:
        """Highest resident memory since the start, less that at the start, in MB (10^6 bytes)."""
        peak = _kernel("VmHWM") if self._exact else _process_peak()
        return max(0, peak - self._start) / 1e6

    def megabytes_left(self) -> float:
        """What is resident now, freed memory given back, less that at the start; 0 where it cannot be seen."""
        _give_back_freed()
        return max(0, _kernel("VmRSS") - self._start) / 1e6 if self._exact else 0.0


def _give_back_freed() -> None:
    """So that what earlier work has freed is not taken for this work's own."""
    gc.collect()
    give_back_freed()


def _forget_peak() -> bool:
    """Ask the kernel to start its highest mark anew (proc(5), clear_refs value 5)."""
    try:
        CLEAR.write_text("5")
        return STATUS.is_file()
    except OSError:
        return False


def _kernel(field: str) -> int:
    """A memory field of this process in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024


def _process_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
