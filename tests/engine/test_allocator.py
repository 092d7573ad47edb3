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
