"""How much memory this process has used at most since it was last asked to forget."""

import os
import resource
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def forget_peak(device: str = "cpu") -> int:
    """Begin anew; the bytes in use now."""
    if device == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()
        return int(torch.cuda.memory_allocated())
    if os.access(FORGET, os.W_OK):
        FORGET.write_text("5")
    return _resident("VmRSS:")


def peak(device: str = "cpu") -> int:
    """The most bytes in use since then."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    return _resident("VmHWM:")


def _resident(name: str) -> int:
    """A line of the process's status; elsewhere than on Linux only the peak of its life is known."""
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024
