"""How long one person waits: some test questions asked one by one, half and 95 % of them faster than told."""

import time
from collections.abc import Sequence

from overtone.core.answer import System
from overtone.core.example import Example
from overtone.engine.remember import remembering

SAMPLE = 40  # questions asked at most
FEWEST = 5  # questions asked however slow a system is
SECONDS = 2.0  # after which no further question is asked


def latencies(system: System, test: Sequence[Example]) -> list[float]:
    """Seconds of each of a sample of questions, asked alone with nothing remembered.

    The sample is the first rows by content id, so it is the same for every system.
    """
    found: list[float] = []
    begun = time.perf_counter()
    with remembering(None):
        for row in sorted(test, key=lambda row: row.id)[:SAMPLE]:
            start = time.perf_counter()
            system.answer([row.question])
            found.append(time.perf_counter() - start)
            if len(found) >= FEWEST and time.perf_counter() - begun > SECONDS:
                break
    return found


def latency_facts(seconds: Sequence[float]) -> dict[str, float]:
    """The median, the 95th percentile (both by linear interpolation) and the number of questions; {} without."""
    import numpy as np

    if not len(seconds):
        return {}
    half, most = np.quantile(np.asarray(seconds), (0.5, 0.95)).tolist()
    return {"latency_p50": half, "latency_p95": most, "latency_questions": float(len(seconds))}
