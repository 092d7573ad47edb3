"""Freed memory stays with the process: the second use of a large block asks the system for no page."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource
from overtone.engine.allocator import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(b"x") * 50_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep = {keep}
print(keep_freed_memory() if keep else None, faults(), faults())
"""

PIECES = """
from overtone.engine.allocator import give_back_freed, keep_freed_memory

def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))

keep_freed_memory()
blocks = [bytearray(b"x") * 100_000 for _ in range(1_000)]
full = resident()
del blocks[::2]
pieces = resident()
give_back_freed()
print(full, pieces, resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has the setting")
def test_pieces_between_what_stays_are_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", PIECES], capture_output=True, text=True, check=True)
    full, pieces, rest = map(int, told.stdout.split())
    assert pieces > 0.98 * full, "nothing goes by itself"
    assert full - rest == pytest.approx(50_000, rel=0.1)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has the setting")
@pytest.mark.parametrize("keep", [True, False])
def test_a_large_block_is_used_again(keep: bool) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(keep=keep)], capture_output=True, text=True, check=True
    )
    done, first, second = told.stdout.split()
    assert done == str(True if keep else None)
    if int(first) < 5_000:
        pytest.skip("this system gives memory in huge pages: there is little to spare")
    assert (int(second) < int(first) / 10) == keep
