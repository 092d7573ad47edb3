"""Memory of a stretch of work: its peak, and what it leaves."""

import platform

import numpy as np
import pytest

from overtone.decide.memory import PeakMemory

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="only Linux forgets a peak on request")
BLOCK = 50  # MB


def block() -> np.ndarray:
    return np.ones(BLOCK * 10**6, dtype=np.uint8)


def test_a_peak_counts_from_its_start_and_stays() -> None:
    before = block()
    memory = PeakMemory()
    for _ in range(2):
        block()
    assert memory.megabytes() == pytest.approx(BLOCK, abs=5)
    assert PeakMemory().megabytes() == pytest.approx(0, abs=5)
    assert before[0] == 1


def test_what_is_left_is_what_was_not_given_back() -> None:
    memory = PeakMemory()
    kept, freed = block(), block()
    del freed
    assert memory.megabytes_left() == pytest.approx(BLOCK, abs=5)
    assert memory.megabytes() == pytest.approx(2 * BLOCK, abs=5)
    del kept
    assert memory.megabytes_left() == pytest.approx(0, abs=5)
