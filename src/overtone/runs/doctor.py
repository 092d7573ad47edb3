"""The doctor: whether this machine has what the work needs, found by trying rather than by asking."""

import importlib.metadata
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from overtone.runs.environment import memory_bytes, threads, usable_cores, version

LEAST_PYTHON = (3, 11)
LEAST_MEMORY_BYTES = 2_000_000_000
LEAST_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is well, whether the work needs it, and what was found."""

    name: str
    ok: bool
    needed: bool
    found: str


def examine(folder: Path = Path()) -> list[Check]:
    """Look at Python, packages, extras, processor, memory, the disk under `folder`, and the bundled bases."""
    return [_python(), *_packages(), _threads(), _memory(), _disk(folder), *_bases()]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= LEAST_PYTHON, True, found)


def _packages() -> Iterator[Check]:
    """Every requirement, imported; one that belongs to an extra may be absent, but not broken."""
    for requirement in importlib.metadata.requires("overtone") or []:
        package = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        extra = re.search(r"extra == ['\"](\w+)['\"]", requirement)
        if package != "overtone":
            yield _package(package, extra.group(1) if extra else None)


def _package(package: str, extra: str | None) -> Check:
    number = version(package)
    if number is None:
        advice = f"pip install 'overtone[{extra}]'" if extra else "pip install overtone"
        return Check(package, False, extra is None, f"not installed: {advice}")
    trouble = _import_trouble(package)
    return Check(package, not trouble, True, trouble or number)


def _import_trouble(package: str) -> str:
    """What happens on import, or nothing when all is well."""
    try:
        for module in _modules().get(_plain(package), [])[:1]:
            import_module(module)
    except Exception as error:  # a broken package may raise anything while it is imported
        return f"cannot be imported: {error}"
    return ""


@cache
def _modules() -> dict[str, list[str]]:
    """The modules that each installed package brings, by the package's plain name."""
    found: dict[str, list[str]] = {}
    for module, packages in importlib.metadata.packages_distributions().items():
        for package in packages if not module.startswith("_") else ():
            found.setdefault(_plain(package), []).append(module)
    return found


def _plain(package: str) -> str:
    """One spelling for names that package indexes hold to be equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _threads() -> Check:
    asked = ", ".join(f"{name} = {number}" for name, number in threads().items())
    return Check("cores", True, False, f"{usable_cores()} usable{', ' + asked if asked else ''}")


def _memory() -> Check:
    found = memory_bytes()
    return Check("memory", found >= LEAST_MEMORY_BYTES, True, f"{found / 1e9:.1f} GB")


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LEAST_DISK_BYTES, True, f"{free / 1e9:.1f} GB free")


def _bases() -> Iterator[Check]:
    from overtone.core.errors import UserError
    from overtone.models.describe import describe

    for name in ("builtin:minilm", "builtin:tiny"):
        try:
            base = describe(name)
            yield Check(name, True, False, f"{base.kind}, {base.context} tokens of context")
        except UserError as error:
            yield Check(name, False, False, str(error))
