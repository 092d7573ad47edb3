"""A file of JSON lines that grows: each line is on its way to the disk at once, a torn last one is forgotten."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line; a last line that a crash tore is left out."""
    if path.exists():
        lines = path.read_bytes().split(b"\n")
        yield from (json.loads(line) for line in lines[:-1] if line)


def open_mended(path: Path) -> int:
    """Open for appending, after cutting off a last line that a crash tore; a file descriptor."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    contents = path.read_bytes()
    os.ftruncate(descriptor, contents.rfind(b"\n") + 1)
    return descriptor


def append_line(descriptor: int, line: Mapping[str, Any]) -> None:
    """Add one line, in one write and unbuffered."""
    os.write(descriptor, json.dumps(line, ensure_ascii=False).encode(errors="surrogatepass") + b"\n")
