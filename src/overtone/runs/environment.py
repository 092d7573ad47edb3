"""`environment.json`: on what a run was made. It names no user, no host and no folder."""

import importlib.metadata
import os
import platform
import re
import sys
from pathlib import Path
from typing import Any


def environment() -> dict[str, Any]:
    """Python, platform, processor, memory, threads, and the version of each package that Overtone uses."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "processor": processor(),
        "cores": usable_cores(),
        "memory_bytes": memory_bytes(),
        "threads": threads(),
        "packages": packages(),
    }


def processor() -> str:
    """The processor's trade name, where the system tells it."""
    source = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", source.read_text()) if source.exists() else None
    return found.group(1).strip() if found else platform.processor() or "unknown"


def usable_cores() -> int:
    """Cores that this process may use, which a container can make fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int:
    """Memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def threads() -> dict[str, Any]:
    """What the environment asks for, and what torch uses where it is already loaded."""
    torch = sys.modules.get("torch")
    asked = {name: os.environ[name] for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY") if name in os.environ}
    return {**asked, **({"torch": torch.get_num_threads()} if torch else {})}


def packages() -> dict[str, str]:
    """Version of Overtone and of each of its requirements, extras among them; absent ones are left out."""
    requirements = importlib.metadata.requires("overtone") or []
    names = {re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0] for requirement in requirements}
    found = {name: version(name) for name in sorted(names | {"overtone"})}
    return {name: number for name, number in found.items() if number}


def version(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
