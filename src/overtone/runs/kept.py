"""What was said to requests, kept as it comes in a file of JSON lines, so that nothing is asked or paid for twice."""

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overtone.runs.lines import append_line, open_mended, read_lines


class Kept:
    """Requests by their `digest` and what was said to each; may be used by several threads.

    The file is made with the first thing that is kept. What `others` hold is known too; nothing is written to them.
    """

    def __init__(self, path: Path, *others: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._file: int | None = None
        self._known = {line.pop("request"): line for one in (*others, path) for line in read_lines(one)}

    def find(self, request: str) -> dict[str, Any] | None:
        """What was said to a request, or None."""
        return self._known.get(request)

    def add(self, request: str, said: Mapping[str, Any]) -> None:
        """Keep what was said; what is kept already stays as it is."""
        with self._lock:
            if request not in self._known:
                append_line(self._opened(), {"request": request, **said})
                self._known[request] = dict(said)

    def close(self) -> None:
        """Give the file back; what is added later opens it again."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _opened(self) -> int:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open_mended(self._path)
        return self._file


def digest(asked: str, body: Mapping[str, Any]) -> str:
    """A name of a request that its every part decides: who is asked, and what."""
    return hashlib.sha256(json.dumps([asked, body], sort_keys=True).encode()).hexdigest()[:32]
