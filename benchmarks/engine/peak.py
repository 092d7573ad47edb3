"""The machine's peak: the fastest matrix product that torch does here, with the threads in use."""

import statistics
import time
from collections.abc import Callable


def peak_flops(threads: int, device: str, size: int = 2048, repeats: int = 7) -> float:
    """Operations a second of a square product, the median of some; on a GPU in bfloat16."""
    import torch

    torch.set_num_threads(threads)
    one, other = (torch.randn(size, size, device=device) for _ in range(2))
    if device == "cuda":
        one, other = one.bfloat16(), other.bfloat16()
    return statistics.median(
        [2 * size**3 / _seconds(lambda: one @ other, device) for _ in range(repeats + 2)][2:]
    )


def _seconds(work: Callable[[], object], device: str) -> float:
    """Wall seconds on a GPU; on a processor CPU seconds of each thread, so that other processes do not count."""
    import torch

    if device == "cuda":
        torch.cuda.synchronize()
        begun = time.perf_counter()
        work()
        torch.cuda.synchronize()
        return time.perf_counter() - begun
    begun = time.process_time()
    work()
    return (time.process_time() - begun) / torch.get_num_threads()
